// Choosing the largest margins by counting gives what sorting gives, on every instruction set.
#include "filter/counted_margins.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <random>
#include <vector>

#include "filter/top_selection.h"
#include "kernels/isa.h"

namespace labelsieve {
namespace {

constexpr int64_t kGiven = 1;

/// Rows whose numbers are anywhere, in a few steps so that margins tie, or nearly all alike.
template <class W>
std::vector<W> make_rows(int kind, int64_t count, int64_t columns) {
  std::mt19937_64 random(static_cast<uint64_t>(kind));
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<W> rows(static_cast<size_t>(count * columns));
  for (W& value : rows) {
    const double u = unit(random);
    const double values[] = {u, std::round(u * 4) / 4, 0.5 + u * 1e-4, u < 0.5 ? 0.0 : 1.0};
    value = static_cast<W>(values[kind]);
  }
  return rows;
}

/// The rows with the largest margins of a class, at least `lowest`.
template <class W>
std::vector<int64_t> largest_by_sorting(const std::vector<W>& rows, int64_t columns, int64_t truth,
                                        W lowest, int64_t places) {
  const auto margin = [&](int64_t i) {
    return rows[static_cast<size_t>(i * columns + truth)] -
           rows[static_cast<size_t>(i * columns + kGiven)];
  };
  std::vector<int64_t> order(rows.size() / static_cast<size_t>(columns));
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](int64_t i) { return margin(i) < lowest; });
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return margin(a) > margin(b); });
  order.resize(std::min(order.size(), static_cast<size_t>(places)));
  return order;
}

/// In two parts, as rows come in pages.
template <class W>
std::vector<uint8_t> chosen_by_counting(const std::vector<W>& rows, int64_t columns,
                                        const std::vector<int32_t>& truths, W lowest,
                                        int64_t places) {
  const auto count = static_cast<int64_t>(rows.size()) / columns;
  const int64_t half = count / 2;
  CountedMargins<W> margins(truths, kGiven, columns, lowest);
  margins.count(rows.data(), half);
  margins.count(rows.data() + half * columns, count - half);
  std::vector<TopSelection> selections;
  for (size_t t = 0; t < truths.size(); ++t) {
    selections.emplace_back(margins.start_choosing(t, places));
  }
  std::vector<uint8_t> chosen(static_cast<size_t>(count));
  for (const int64_t first : {int64_t{0}, half}) {
    margins.find_chosen(
        rows.data() + first * columns, first == 0 ? half : count - half,
        [&](int64_t row) { chosen[static_cast<size_t>(first + row)] = 1; },
        [&](size_t t, double margin, int64_t row) { selections[t].push(margin, first + row); });
  }
  for (TopSelection& selection : selections) {
    for (const auto& entry : selection.entries()) chosen[static_cast<size_t>(entry.index)] = 1;
  }
  return chosen;
}

template <class W>
class CountedMarginsTest : public testing::Test {};
using ElementTypes = testing::Types<float, double>;
TYPED_TEST_SUITE(CountedMarginsTest, ElementTypes);

TYPED_TEST(CountedMarginsTest, ChoosesWhatSortingChooses) {
  using W = TypeParam;
  constexpr auto kLowest = static_cast<W>(2e-6);
  for (const std::string& isa : supported_isas()) {
    force_isa(isa);
    for (const int64_t columns : {int64_t{2}, int64_t{10}, int64_t{16}, kMaxMarginColumns}) {
      for (int kind = 0; kind < 4; ++kind) {
        const std::vector<W> rows = make_rows<W>(kind, 777, columns);
        std::vector<int32_t> truths = {0};
        if (columns > 2) truths.push_back(static_cast<int32_t>(columns) - 1);
        for (const int64_t places : {0, 1, 40, 300, 777}) {
          std::vector<uint8_t> expected(777);
          for (const int32_t truth : truths) {
            for (const int64_t i :
                 largest_by_sorting(rows, columns, int64_t{truth}, kLowest, places)) {
              expected[static_cast<size_t>(i)] = 1;
            }
          }
          EXPECT_EQ(chosen_by_counting(rows, columns, truths, kLowest, places), expected)
              << isa << ", " << columns << " columns, kind " << kind << ", " << places << " places";
        }
      }
    }
  }
  force_isa("");
}

}  // namespace
}  // namespace labelsieve
