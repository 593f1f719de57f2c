// The n best of a stream, whatever its order, its ties and the spread of its keys.
#include "filter/top_selection.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <random>
#include <vector>

namespace {

using labelsieve::TopSelection;

using Entries = std::vector<TopSelection::Entry>;

std::vector<int64_t> indices(Entries entries) {
  std::vector<int64_t> result;
  for (const TopSelection::Entry& entry : entries) result.push_back(entry.index);
  std::sort(result.begin(), result.end());
  return result;
}

std::vector<int64_t> best_by_sorting(Entries entries, size_t capacity) {
  std::sort(entries.begin(), entries.end(), [](const auto& a, const auto& b) {
    return a.key != b.key ? a.key > b.key : a.index < b.index;
  });
  entries.resize(std::min(capacity, entries.size()));
  return indices(entries);
}

/// Keys from all over [-1, 1], in a few steps, in a tiny interval, and beyond what is expected.
Entries make_entries(int kind, int64_t count) {
  std::mt19937_64 random(static_cast<uint64_t>(kind));
  std::uniform_real_distribution<double> unit(-1, 1);
  Entries entries;
  for (int64_t i = 0; i < count; ++i) {
    const double key = unit(random);
    const double keys[] = {key, std::round(key * 3) / 3, 0.25 + key * 1e-9, key * 4};
    entries.push_back({keys[kind], i});
  }
  std::shuffle(entries.begin(), entries.end(), random);
  return entries;
}

TEST(TopSelection, IsWhatSortingGives) {
  for (int kind = 0; kind < 4; ++kind) {
    const Entries entries = make_entries(kind, 20000);
    for (const int64_t capacity : {0, 1, 7, 100, 511, 512, 1000, 3000, 9999, 19999, 20000, 30000}) {
      TopSelection selection(capacity);
      for (const auto& entry : entries) selection.push(entry.key, entry.index);
      EXPECT_EQ(best_by_sorting(entries, static_cast<size_t>(capacity)),
                indices(selection.entries()))
          << "kind " << kind << ", capacity " << capacity;
      EXPECT_EQ(capacity <= 20000, selection.full());
    }
  }
}

TEST(TopSelection, GoesOnAfterItWasLookedAt) {
  const Entries entries = make_entries(1, 9000);
  TopSelection selection(2000);
  for (size_t i = 0; i < entries.size(); ++i) {
    selection.push(entries[i].key, entries[i].index);
    if (i % 1000 == 0) selection.entries();
  }
  EXPECT_EQ(best_by_sorting(entries, 2000), indices(selection.entries()));
}

TEST(TopSelection, LowestKeyIsThatOfTheLastPlace) {
  const Entries entries = make_entries(0, 5000);
  TopSelection selection(1500);
  for (const auto& entry : entries) selection.push(entry.key, entry.index);
  double lowest = 1;
  for (const auto& entry : selection.entries()) lowest = std::min(lowest, entry.key);
  EXPECT_EQ(lowest, selection.lowest_key());
}

}  // namespace
