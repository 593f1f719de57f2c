// Pooling: cases by hand, and the definition word for word.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "labelsieve/multilabel_classification.h"
#include "reference/compare.h"
#include "support/errors.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::pool_scores;
using labelsieve::Pooling;
using labelsieve::PoolingOptions;
using Scores = std::vector<double>;

/// Scores without a pattern.
Scores some_scores(int64_t size) {
  Scores scores;
  for (int64_t i = 0; i < size; ++i) {
    scores.push_back(std::fmod(static_cast<double>(i * i % 977) * 0.6180339887, 1.0));
  }
  return scores;
}

double naive_average(Scores scores, double alpha) {
  std::sort(scores.begin(), scores.end(), std::greater<>());
  double average = scores[0];
  for (size_t t = 1; t < scores.size(); ++t) average = alpha * scores[t] + (1 - alpha) * average;
  return average;
}

TEST(MultilabelPooling, ByHand) {
  const Scores rows{0.9, 0.9, 0.3, 0.4, 0.9, 0.6};
  EXPECT_TRUE(reference::near({0.42, 0.452}, pool_scores(rows, 3), 1e-15));
  EXPECT_TRUE(reference::near({0.6, 0.575}, pool_scores(rows, 3, {.alpha = 0.5}), 1e-15));
  EXPECT_TRUE(reference::near({0.6, 0.575}, pool_scores(rows, 3, {.alpha = std::nullopt}), 1e-15));
  EXPECT_EQ((Scores{0.3, 0.4}), pool_scores(rows, 3, {.alpha = 1.0}));
  EXPECT_EQ((Scores{0.9, 0.9}), pool_scores(rows, 3, {.alpha = 0.0}));
  EXPECT_EQ((Scores{0.3, 0.4}), pool_scores(rows, 3, {.pooling = Pooling::kMin}));
  EXPECT_TRUE(
      reference::near({0.7, 1.9 / 3}, pool_scores(rows, 3, {.pooling = Pooling::kMean}), 1e-15));
  const double weight = std::exp(-6.0);
  EXPECT_NEAR((0.3 + 2 * 0.9 * weight) / (1 + 2 * weight),
              pool_scores(rows, 3, {.pooling = Pooling::kSoftmin})[0], 1e-15);
}

TEST(MultilabelPooling, SoftminEndsAtMinimumAndMean) {
  const Scores scores = some_scores(21);
  const auto softmin = [&](double temperature) {
    return pool_scores(scores, 7, {.pooling = Pooling::kSoftmin, .temperature = temperature});
  };
  EXPECT_EQ(pool_scores(scores, 7, {.pooling = Pooling::kMin}), softmin(0));
  EXPECT_EQ(pool_scores(scores, 7, {.pooling = Pooling::kMin}), softmin(1e-9));
  EXPECT_TRUE(reference::near(pool_scores(scores, 7, {.pooling = Pooling::kMean}),
                              softmin(std::numeric_limits<double>::infinity()), 1e-15));
}

// Few classes are sorted by a network, of many only the lowest are looked at.
TEST(MultilabelPooling, AverageIsTheDefinitionForAnyNumberOfClasses) {
  for (int64_t classes = 1; classes <= 150; ++classes) {
    const Scores scores = some_scores(11 * classes);
    for (const double alpha : {0.0, 0.01, 0.5, 0.8, 0.999, 1.0}) {
      const Scores pooled = pool_scores(scores, classes, {.alpha = alpha});
      ASSERT_EQ(11U, pooled.size());
      for (int64_t i = 0; i < 11; ++i) {
        const auto first = scores.begin() + i * classes;
        ASSERT_NEAR(naive_average({first, first + classes}, alpha), pooled[static_cast<size_t>(i)],
                    1e-15)
            << classes << " classes, alpha " << alpha;
      }
    }
  }
}

TEST(MultilabelPooling, FunctionOfTheCaller) {
  PoolingOptions options{.pooling = Pooling::kCustom};
  options.function = [](std::span<const double> row) { return row[1] - row[0]; };
  EXPECT_EQ((Scores{0.25, -0.5}), pool_scores(Scores{0.25, 0.5, 0.75, 0.25}, 2, options));
}

TEST(MultilabelPooling, OneScoreIsItself) {
  for (const Pooling pooling :
       {Pooling::kExponentialMovingAverage, Pooling::kSoftmin, Pooling::kMin, Pooling::kMean}) {
    EXPECT_EQ((Scores{0.125, 1, 0}), pool_scores(Scores{0.125, 1, 0}, 1, {.pooling = pooling}));
  }
}

TEST(MultilabelPooling, RefusesWhatMakesNoSense) {
  const Scores scores{0.5, 0.5};
  const auto expect = [&](const std::string& part, const PoolingOptions& options) {
    test_support::expect_error(ErrorCode::kInvalidArgument, part,
                               [&] { pool_scores(scores, 2, options); });
  };
  expect("alpha must be in [0, 1]", {.alpha = 1.5});
  expect("alpha must be in [0, 1]", {.alpha = std::nan("")});
  expect("temperature", {.temperature = -1});
  expect("needs a function", {.pooling = Pooling::kCustom});
  test_support::expect_error(ErrorCode::kInvalidArgument, "no whole number of rows",
                             [&] { pool_scores(scores, 3); });
  test_support::expect_error(ErrorCode::kInvalidArgument, "one per class",
                             [&] { pool_scores(scores, 0); });
}

}  // namespace
