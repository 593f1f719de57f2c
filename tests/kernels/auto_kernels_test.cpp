// The kernels of the automatic method against plain loops, on every instruction set.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>
#include <cmath>
#include <string>
#include <vector>

#include "kernels/confusion_kernel.h"
#include "kernels/correction_kernel.h"
#include "kernels/isa.h"
#include "kernels/rival_kernel.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/version.h"
#include "support/sources.h"

namespace {

using labelsieve::Rows;
using test_support::Data;
using test_support::Kind;

class AutoKernels : public testing::TestWithParam<std::string> {
 protected:
  void SetUp() override { ASSERT_TRUE(labelsieve::force_isa(GetParam())); }
  void TearDown() override { labelsieve::force_isa(""); }
};
INSTANTIATE_TEST_SUITE_P(Machine, AutoKernels, testing::ValuesIn(labelsieve::supported_isas()),
                         [](const auto& chosen) { return chosen.param; });

constexpr int kNumClasses[] = {2, 3, 4, 5, 7, 10, 16, 31, 32, 33, 63, 64, 65, 100, 130};
constexpr int kRows = 83;
constexpr int kShift = 40;

template <class T>
struct Case {
  std::vector<T> elements;
  std::vector<int32_t> labels;
  int columns;

  explicit Case(int num_classes) : columns(num_classes) {
    const Data data = test_support::make_data(Kind::kNoisy, kRows, num_classes, 3);
    for (const auto& row : data.pred_probs) {
      for (const double p : row) elements.push_back(static_cast<T>(p));
    }
    for (const auto label : data.labels) labels.push_back(static_cast<int32_t>(label));
    labels[5] = -1;
    elements[static_cast<size_t>(7 * columns)] = 0;  // below the floor
  }
  Rows<T> rows() const { return {elements.data(), columns, kRows, columns, nullptr}; }
  double at(int i, int k) const {
    return std::max<double>(elements[static_cast<size_t>(i * columns + k)], 1e-6);
  }
  int argmax(int i) const {
    int top = 0;
    for (int k = 1; k < columns; ++k) top = at(i, k) > at(i, top) ? k : top;
    return top;
  }
};

template <class T>
void expect_sums(int num_classes, double temperature, double tolerance) {
  const Case<T> data(num_classes);
  const auto columns = static_cast<size_t>(num_classes);
  const auto stride = static_cast<size_t>(labelsieve::padded_columns(num_classes));
  std::vector<uint64_t> sums(columns * stride);
  std::vector<int64_t> counts(columns);
  std::vector<T> scratch(stride);
  std::vector<uint16_t> argmax;
  for (int i = 0; i < kRows; ++i) argmax.push_back(static_cast<uint16_t>(data.argmax(i)));
  // As with more classes than 16 bits hold, which no test has the memory for.
  if (num_classes == 100) argmax[3] = labelsieve::kClassNotHeld;
  labelsieve::add_tempered_rows(data.rows(), data.labels.data(), argmax.data(), temperature,
                                {sums.data(), counts.data(), kShift, nullptr, 1}, scratch.data());
  std::vector<double> expected(columns * columns);
  for (int i = 0; i < kRows; ++i) {
    if (data.labels[static_cast<size_t>(i)] < 0) continue;
    const int top = data.argmax(i);
    double total = 0;
    for (int k = 0; k < num_classes; ++k) total += std::pow(data.at(i, k), temperature);
    for (int k = 0; k < num_classes; ++k) {
      expected[static_cast<size_t>(top * num_classes + k)] +=
          std::pow(data.at(i, k), temperature) / total;
    }
  }
  const auto offset = std::bit_cast<uint64_t>(labelsieve::kFixedPointOffset);
  for (size_t b = 0; b < columns; ++b) {
    for (size_t a = 0; a < columns; ++a) {
      const uint64_t sum = sums[b * stride + a] - static_cast<uint64_t>(counts[b]) * offset;
      const double actual = std::ldexp(static_cast<double>(static_cast<int64_t>(sum)), -kShift);
      ASSERT_NEAR(expected[b * columns + a], actual, tolerance) << b << ", " << a;
    }
  }
}

TEST_P(AutoKernels, AddUpTemperedRows) {
  for (const int num_classes : kNumClasses) {
    for (const double temperature : {0.4, 1.0, 2.7}) {
      SCOPED_TRACE(num_classes);
      expect_sums<double>(num_classes, temperature, 1e-9);
      expect_sums<float>(num_classes, temperature, 1e-4);
    }
  }
}

TEST_P(AutoKernels, FindTheRivals) {
  for (const int num_classes : kNumClasses) {
    const Case<float> data(num_classes);
    const auto stride = static_cast<size_t>(labelsieve::padded_columns(num_classes));
    std::vector<double> factors(static_cast<size_t>(num_classes) * stride);
    std::vector<double> largest(static_cast<size_t>(num_classes));
    for (int y = 0; y < num_classes; ++y) {
      for (int b = 0; b < num_classes; ++b) {
        const double factor = b == y ? 0 : 0.5 + 0.25 * ((3 * y + 5 * b) % 7);
        factors[static_cast<size_t>(y) * stride + static_cast<size_t>(b)] = factor;
        largest[static_cast<size_t>(y)] = std::max(largest[static_cast<size_t>(y)], factor);
      }
    }
    std::vector<int32_t> rivals(kRows);
    labelsieve::find_rivals(data.rows(), data.labels.data(), factors.data(), largest.data(), false,
                            rivals.data());
    for (int i = 0; i < kRows; ++i) {
      const int32_t given = data.labels[static_cast<size_t>(i)];
      if (given < 0) continue;
      const double* own = factors.data() + static_cast<size_t>(given) * stride;
      int best = given;
      double product = 0;
      for (int k = 0; k < num_classes; ++k) {
        if (data.at(i, k) * own[k] > product) {
          product = data.at(i, k) * own[k];
          best = k;
        }
      }
      const int32_t rival = rivals[static_cast<size_t>(i)];
      // The floor is rounded to the element's type in one of the two.
      if (rival != best) {
        EXPECT_NEAR(product, data.at(i, rival) * own[rival], 1e-12) << i;
      }
    }
  }
}

TEST_P(AutoKernels, LogarithmsAndFactorsAreThoseOfTheLibrary) {
  for (const int size : {1, 2, 3, 4, 7, 8, 9, 33}) {
    std::vector<double> values;
    for (int k = 0; k < size; ++k) values.push_back(0.37 * k);
    std::vector<double> logs = values;
    labelsieve::to_log_ratios(logs.data(), size, 1e-3, 0.25);
    std::vector<double> factors(values.size());
    labelsieve::write_factors(logs.data(), size, 0.5, factors.data());
    for (size_t k = 0; k < values.size(); ++k) {
      EXPECT_NEAR(std::log(values[k] + 1e-3) - 0.25, logs[k], 1e-14);
      EXPECT_NEAR(std::exp(logs[k] / 0.5), factors[k], 1e-13 * factors[k]);
    }
  }
  const double extreme[] = {-1e6, 1e6};
  double factors[2];
  labelsieve::write_factors(extreme, 2, 1, factors);
  EXPECT_TRUE(factors[0] > 0 && std::isfinite(factors[1]));
}

}  // namespace
