#include "kernels/row_summary_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include "kernels/bounds.h"
#include "kernels/every_isa.h"
#include "kernels/label_decode.h"
#include "labelsieve/count.h"
#include "support/half.h"

namespace labelsieve {
namespace {

template <class T>
T as(double value) {
  if constexpr (std::is_same_v<T, float16>) {
    float16 half = test_support::half_from(std::abs(value));
    if (std::signbit(value)) half.bits |= 0x8000;
    return half;
  } else {
    return static_cast<T>(value);
  }
}

template <class T>
struct Table {
  int64_t columns = 0;
  std::vector<T> values;
  std::vector<int32_t> labels;

  Rows<T> rows() const {
    return {values.data(), columns, static_cast<int64_t>(labels.size()), columns};
  }
  Wide<T> at(int64_t row, int64_t column) const {
    return widen(values[static_cast<size_t>(row * columns + column)]);
  }
};

/// All sorts of valid numbers: ties, zeros of both signs, what rounding leaves below 0 and above 1,
/// pairs about the tolerance apart. In some rows none is positive.
template <class T>
Table<T> some_rows(int64_t count, int64_t columns, std::mt19937& random) {
  const std::vector<double> odd = {0,   -0.0,       -1e-7,      -9e-7, 1e-30,
                                   0.5, 0.5 + 1e-6, 0.5 + 9e-7, 1,     1 + 5e-7};
  std::uniform_real_distribution<double> uniform(0, 1);
  Table<T> table;
  table.columns = columns;
  for (int64_t i = 0; i < count; ++i) {
    const unsigned kind = random() % 4;
    for (int64_t k = 0; k < columns; ++k) {
      const double value = kind == 0   ? odd[random() % 4]
                           : kind == 1 ? odd[random() % odd.size()]
                                       : uniform(random) / static_cast<double>(columns);
      table.values.push_back(as<T>(value));
    }
    table.labels.push_back(static_cast<int32_t>(random() % static_cast<unsigned>(columns + 1)) - 1);
  }
  return table;
}

template <class T>
struct Summary {
  explicit Summary(const Table<T>& table)
      : maximum(table.labels.size()),
        argmax(table.labels.size()),
        second(table.labels.size()),
        flags(table.labels.size()),
        self_confidence(table.labels.size()),
        disagreeing(table.labels.size() + kSummaryPadding) {
    result = summarize_rows(table.rows(), table.labels.data(),
                            {maximum.data(), argmax.data(), second.data(), flags.data()},
                            {self_confidence.data(), disagreeing.data()});
    disagreeing.resize(static_cast<size_t>(result.num_disagreeing));
  }

  std::vector<uint16_t> maximum;
  std::vector<uint16_t> argmax;
  std::vector<uint8_t> second;
  std::vector<uint8_t> flags;
  std::vector<Wide<T>> self_confidence;
  std::vector<uint32_t> disagreeing;
  RowSummaryResult result;
};

template <class T>
void expect_as_row_by_row(const Table<T>& table) {
  const Summary<T> summary(table);
  ASSERT_EQ(-1, summary.result.invalid_row);
  std::vector<uint32_t> disagreeing;
  for (int64_t i = 0; i < static_cast<int64_t>(table.labels.size()); ++i) {
    const auto place = static_cast<size_t>(i);
    const int32_t label = table.labels[place];
    if (label == kIgnored) {
      ASSERT_EQ(0, summary.flags[place]);
      continue;
    }
    int64_t best = 0;
    for (int64_t k = 1; k < table.columns; ++k) {
      if (table.at(i, k) > table.at(i, best)) best = k;
    }
    Wide<T> second = 0;
    for (int64_t k = 0; k < table.columns; ++k) {
      if (k != best) second = std::max(second, table.at(i, k));
    }
    const Wide<T> maximum = table.at(i, best);
    const Wide<T> own = table.at(i, label);
    ASSERT_EQ(best, summary.argmax[place]) << "row " << i;
    ASSERT_EQ(probability_code(maximum), summary.maximum[place]) << "row " << i;
    ASSERT_EQ(leading_code(probability_code(second)), summary.second[place]) << "row " << i;
    ASSERT_EQ(own, summary.self_confidence[place]) << "row " << i;
    const bool differs = static_cast<double>(maximum) > static_cast<double>(own) + 1e-6;
    ASSERT_EQ(differs ? kCounted | kDisagrees : kCounted, summary.flags[place]) << "row " << i;
    if (differs) disagreeing.push_back(static_cast<uint32_t>(i));
  }
  EXPECT_EQ(disagreeing, summary.disagreeing);
}

class RowSummaries : public test_support::EveryIsa {};
INSTANTIATE_FOR_EVERY_ISA(RowSummaries);

template <class T>
void check_all_widths() {
  std::mt19937 random(11);
  for (const int64_t columns : {1, 2, 3, 4, 5, 7, 10, 16, 31, 32, 33, 70}) {
    for (const int64_t count : {1, 15, 16, 64, 65, 400}) {
      SCOPED_TRACE(std::to_string(count) + " rows of " + std::to_string(columns));
      expect_as_row_by_row(some_rows<T>(count, columns, random));
    }
    // Without rows that leave the pass by columns, which the others do early.
    Table<T> usual = some_rows<T>(300, columns, random);
    for (int64_t i = 0; i < 300; ++i) usual.values[static_cast<size_t>(i * columns)] = as<T>(0.25);
    SCOPED_TRACE("usual rows of " + std::to_string(columns));
    expect_as_row_by_row(usual);
  }
}

TEST_P(RowSummaries, AreThoseOfTheRowsOneByOne) {
  check_all_widths<float16>();
  check_all_widths<float>();
  check_all_widths<double>();
}

template <class T>
void check_invalid() {
  constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::mt19937 random(12);
  std::vector<double> invalid = {-0.5, 1.5, 2};
  if (!std::is_same_v<T, float16>) {
    invalid.insert(invalid.end(), {kNaN, -kNaN, kInfinity, -kInfinity, -1.1e-6, 1 + 1.2e-6});
  }
  for (const int64_t columns : {1, 2, 3, 10, 32, 40}) {
    for (const double value : invalid) {
      SCOPED_TRACE(std::to_string(value) + " of " + std::to_string(columns));
      Table<T> table = some_rows<T>(100, columns, random);
      for (int64_t i = 0; i < 100; ++i) table.values[static_cast<size_t>(i * columns)] = as<T>(0.5);
      const int64_t row = 20 + static_cast<int64_t>(random() % 60);
      const int64_t column = static_cast<int64_t>(random()) % columns;
      table.values[static_cast<size_t>(row * columns + column)] = as<T>(value);
      table.labels[static_cast<size_t>(row)] = 0;
      EXPECT_EQ(row, Summary<T>(table).result.invalid_row);
      table.labels[static_cast<size_t>(row)] = kIgnored;
      EXPECT_EQ(-1, Summary<T>(table).result.invalid_row);
    }
  }
}

TEST_P(RowSummaries, NameTheFirstInvalidRow) {
  check_invalid<float16>();
  check_invalid<float>();
  check_invalid<double>();
}

template <class W>
void check_codes() {
  std::mt19937 random(13);
  std::uniform_real_distribution<W> uniform(0, 1);
  const ProbabilityBounds<W> bounds;
  EXPECT_EQ(0, probability_code(bounds.lowest));
  EXPECT_EQ(0, probability_code(W{0}));
  EXPECT_EQ(65535, probability_code(W{1}));
  EXPECT_EQ(65535, probability_code(bounds.highest));
  for (int i = 0; i < 100000; ++i) {
    const W p = uniform(random);
    const W next = std::nextafter(p, W{1});
    ASSERT_LE(probability_code(p), probability_code(next));
    ASSERT_LE(static_cast<float>(p), most_of_code(probability_code(p)));
  }
}

TEST(ProbabilityCode, KeepsTheOrder) {
  check_codes<float>();
  check_codes<double>();
}

}  // namespace
}  // namespace labelsieve
