// Choosing the largest margins by counting gives what sorting gives, on every instruction set.
#include "filter/counted_margins.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <numeric>
#include <random>
#include <type_traits>
#include <vector>

#include "filter/top_selection.h"
#include "kernels/isa.h"

namespace labelsieve {
namespace {

constexpr int64_t kCount = 500;

/// Rows whose numbers are anywhere, in a few steps so that margins tie, or nearly all alike.
template <class W>
std::vector<W> make_rows(int kind, int64_t columns) {
  std::mt19937_64 random(static_cast<uint64_t>(kind));
  std::uniform_real_distribution<double> unit(0, 1);
  std::vector<W> rows(static_cast<size_t>(kCount * columns));
  for (W& value : rows) {
    const double u = unit(random);
    const double values[] = {u, std::round(u * 4) / 4, 0.5 + u * 1e-4, u < 0.5 ? 0.0 : 1.0};
    value = static_cast<W>(values[kind]);
  }
  return rows;
}

std::vector<int32_t> make_labels(int64_t columns) {
  std::vector<int32_t> labels(kCount);
  for (int64_t i = 0; i < kCount; ++i) labels[i] = static_cast<int32_t>(i * i % columns);
  return labels;
}

template <class W>
W margin_of(const std::vector<W>& rows, int64_t columns, int64_t i, int64_t given, int64_t truth) {
  return rows[static_cast<size_t>(i * columns + truth)] -
         rows[static_cast<size_t>(i * columns + given)];
}

/// The rows of a given class with the largest margins of another one.
template <class W>
std::vector<int64_t> largest_by_sorting(const std::vector<W>& rows,
                                        const std::vector<int32_t>& labels, int64_t columns,
                                        int64_t given, int64_t truth, int64_t places) {
  const auto margin = [&](int64_t i) { return margin_of(rows, columns, i, given, truth); };
  std::vector<int64_t> order(kCount);
  std::iota(order.begin(), order.end(), 0);
  std::erase_if(order, [&](int64_t i) {
    return labels[i] != given || !(static_cast<double>(margin(i)) > kLargeMargin);
  });
  std::stable_sort(order.begin(), order.end(),
                   [&](int64_t a, int64_t b) { return margin(a) > margin(b); });
  order.resize(std::min(order.size(), static_cast<size_t>(places)));
  return order;
}

/// Adds all rows in tiles, which two workers take by turns, in two blocks; the second has no memory
/// to give.
template <class W>
LargeMargins margins_of(const std::vector<W>& rows, const std::vector<int32_t>& labels,
                        int64_t columns, std::vector<std::byte>& memory) {
  constexpr int64_t kTile = 100;
  constexpr int64_t kBlock = 300;
  constexpr FloatType kType = std::is_same_v<W, double> ? FloatType::kFloat64 : FloatType::kFloat32;
  LargeMargins margins(columns);
  memory.resize(static_cast<size_t>(margins.wanted_bytes(kBlock)) + 3);
  std::vector<uint32_t> positions;
  for (int64_t first = 0; first < kCount; first += kTile) {
    if (first % kBlock == 0) {
      margins.start_block(kType, 2, first == 0 ? std::span(memory) : std::span<std::byte>());
    }
    Tile<W> tile;
    tile.rows = {rows.data() + first * columns, columns, std::min(kTile, kCount - first), columns};
    tile.labels = labels.data() + first;
    tile.first = first % kBlock;
    tile.worker = static_cast<int>(first / kTile % 2);
    positions.resize(static_cast<size_t>(tile.rows.count));
    std::iota(positions.begin(), positions.end(), 0U);
    margins.add(tile, positions, first / kBlock * kBlock);
  }
  margins.finish_block();
  return margins;
}

std::vector<uint8_t> chosen_by_counting(const LargeMargins& margins, int64_t given,
                                        const std::vector<int64_t>& truths, int64_t places) {
  CountedMargins counted(margins);
  std::vector<TopSelection> selections(static_cast<size_t>(margins.places().columns()));
  for (const int64_t truth : truths) {
    selections[truth] = TopSelection(counted.give_places(given, truth, places));
  }
  std::vector<uint8_t> chosen(kCount);
  counted.mark_chosen({.num_threads = 2}, 1, chosen);
  counted.take_offers(given, [&](int32_t truth, double margin, int64_t index) {
    selections[static_cast<size_t>(truth)].push(margin, index);
  });
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
  for (const std::string& isa : supported_isas()) {
    force_isa(isa);
    for (const int64_t columns : {int64_t{2}, int64_t{10}, int64_t{16}, kMaxMarginColumns}) {
      const std::vector<int32_t> labels = make_labels(columns);
      for (int kind = 0; kind < 4; ++kind) {
        const std::vector<W> rows = make_rows<W>(kind, columns);
        std::vector<std::byte> memory;
        const LargeMargins margins = margins_of(rows, labels, columns, memory);
        ASSERT_TRUE(margins.complete());
        const int64_t given = 1;
        std::vector<int64_t> truths = {0};
        if (columns > 2) truths.push_back(columns - 1);
        for (const int64_t places : {0, 1, 7, 40, 300}) {
          std::vector<uint8_t> expected(kCount);
          for (const int64_t truth : truths) {
            for (const int64_t i :
                 largest_by_sorting(rows, labels, columns, given, truth, places)) {
              expected[static_cast<size_t>(i)] = 1;
            }
          }
          EXPECT_EQ(chosen_by_counting(margins, given, truths, places), expected)
              << isa << ", " << columns << " columns, kind " << kind << ", " << places << " places";
        }
      }
    }
  }
  force_isa("");
}

/// Adds so many tiles of 8000 rows with as many margins each.
LargeMargins margins_of_rows(int tiles, int margins_of_each) {
  constexpr int64_t kRows = 8000;
  const int64_t columns = margins_of_each + 1;
  std::vector<double> rows(static_cast<size_t>(kRows * columns), 1.0 / margins_of_each);
  for (int64_t i = 0; i < kRows; ++i) rows[static_cast<size_t>(i * columns)] = 0;
  const std::vector<int32_t> labels(kRows);
  std::vector<uint32_t> positions(kRows);
  std::iota(positions.begin(), positions.end(), 0U);
  Tile<double> tile;
  tile.rows = {rows.data(), columns, kRows, columns};
  tile.labels = labels.data();
  LargeMargins margins(columns);
  margins.start_block(FloatType::kFloat64, 1, {});
  for (int t = 0; t < tiles; ++t) margins.add(tile, positions, t * kRows);
  margins.finish_block();
  return margins;
}

TEST(LargeMarginsTest, AreKeptWhereTheyAreFew) {
  // 20 bytes a row are allowed, and something for the first rows.
  const LargeMargins margins = margins_of_rows(20, 1);
  EXPECT_TRUE(margins.complete());
  int64_t size = 0;
  for (const LargeMargins::Stretch& stretch : margins.stretches()) size += stretch.size;
  EXPECT_EQ(size, 20 * 8000);
}

TEST(LargeMarginsTest, AreNotKeptWhereTheyAreMany) {
  EXPECT_FALSE(LargeMargins(kMaxMarginColumns + 1).complete());
  EXPECT_TRUE(margins_of_rows(1, 2).complete());
  EXPECT_FALSE(margins_of_rows(20, 2).complete());
}

}  // namespace
}  // namespace labelsieve
