// Line numbers are those that were put in, however they came.
#include "labelsieve/line_numbers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <utility>
#include <vector>

namespace labelsieve {
namespace {

using testing::ElementsAre;
using testing::ElementsAreArray;

TEST(LineNumbers, AreEmptyAtFirst) {
  const LineNumbers none;
  EXPECT_TRUE(none.empty());
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.begin(), none.end());
}

TEST(LineNumbers, OfSeveralRunsAreAppended) {
  LineNumbers lines;
  lines.append(2, 1, 3);
  lines.append(9, 0, 2);
  lines.append(9, 0, 0);
  lines.append(10, 1, 1);
  EXPECT_THAT(lines, ElementsAre(2, 3, 4, 9, 9, 10));
}

/// Runs of all kinds: neighbours, the same again, gaps, single ones.
std::vector<int64_t> make_lines(uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> lines;
  int64_t line = 1;
  for (int run = 0; run < 40; ++run) {
    const auto step = static_cast<int64_t>(random() % 4);
    for (uint64_t count = random() % 5; count > 0; --count) {
      lines.push_back(line);
      line += step;
    }
    line += static_cast<int64_t>(random() % 3);
  }
  return lines;
}

TEST(LineNumbers, AreWhatWasPutIn) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<int64_t> expected = make_lines(seed);
    LineNumbers lines;
    for (const int64_t line : expected) lines.push_back(line);
    ASSERT_THAT(lines, ElementsAreArray(expected));
    for (size_t row = 0; row < expected.size(); ++row) ASSERT_EQ(lines[row], expected[row]);
  }
}

TEST(LineNumbers, InPartsAreEqualToThoseAtOnce) {
  for (uint64_t seed = 0; seed < 50; ++seed) {
    const std::vector<int64_t> expected = make_lines(seed);
    LineNumbers whole;
    for (const int64_t line : expected) whole.push_back(line);
    for (size_t cut = 0; cut <= expected.size(); ++cut) {
      LineNumbers first;
      LineNumbers second;
      for (size_t i = 0; i < expected.size(); ++i)
        (i < cut ? first : second).push_back(expected[i]);
      first.append(second);
      ASSERT_EQ(first, whole) << seed << ", " << cut;
    }
  }
}

TEST(LineNumbers, ThatWereMovedAwayAreNone) {
  LineNumbers lines;
  lines.append(5, 1, 4);
  const LineNumbers moved = std::move(lines);
  EXPECT_THAT(moved, ElementsAre(5, 6, 7, 8));
  EXPECT_TRUE(lines.empty());  // NOLINT(bugprone-use-after-move): this is what is tested
  lines.push_back(9);
  EXPECT_THAT(lines, ElementsAre(9));
}

TEST(LineNumbers, AreTakenInAnyOrder) {
  LineNumbers lines;
  lines.append(5, 1, 4);
  EXPECT_THAT(lines.at(std::vector<int64_t>{3, 0, 0}), ElementsAre(8, 5, 5));
}

}  // namespace
}  // namespace labelsieve
