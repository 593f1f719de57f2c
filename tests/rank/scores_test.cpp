// Scores by hand, at their limits, and what they refuse.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "labelsieve/rank.h"
#include "support/errors.h"
#include "support/options.h"
#include "support/sources.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::Method;
using test_support::expect_error;

using test_support::kNan;

template <class T>
std::vector<double> scores(const std::vector<int>& labels, const std::vector<T>& p,
                           const labelsieve::ScoreOptions& options) {
  const auto rows = static_cast<int64_t>(labels.size());
  labelsieve::LabelsView view(labels.data(), rows);
  view.ignore_label = -1;
  labelsieve::MemorySource source(
      view, labelsieve::MatrixView(p.data(), rows, static_cast<int64_t>(p.size()) / rows));
  return labelsieve::label_quality_scores(source, options);
}

TEST(SelfConfidence, IsTheProbabilityOfTheGivenLabel) {
  EXPECT_EQ((std::vector<double>{0.25, 0.125}),
            scores<float>({1, 2}, {0.75F, 0.25F, 0, 0.5F, 0.375F, 0.125F}, {}));
}

TEST(NormalizedMargin, IsHalfTheDistanceToTheBestOtherClass) {
  EXPECT_EQ((std::vector<double>{0.25, 0.875, 0}),
            scores<double>({1, 0, 1}, {0.75, 0.25, 0.0, 0.75, 0.0, 0.0, 1.0, 0.0, 0.0},
                           {.method = Method::kNormalizedMargin}));
}

TEST(NormalizedMargin, OfASingleClassComparesWithZero) {
  EXPECT_EQ((std::vector<double>{0.75, 1}),
            scores<double>({0, 0}, {0.5, 1.0}, {.method = Method::kNormalizedMargin}));
}

TEST(ConfidenceWeightedEntropy, ByHand) {
  const double entropy = -(0.25 * std::log(0.25) + 0.75 * std::log(0.75)) / std::log(2);
  const double x = entropy / 0.25;
  EXPECT_NEAR(std::log(1 + x) / x,
              scores<double>({0}, {0.25, 0.75}, {.method = Method::kConfidenceWeightedEntropy})[0],
              1e-14);
}

// A sure model that agrees scores 1, one that is sure of another class 0.
TEST(ConfidenceWeightedEntropy, OfSaturatedRowsIsOneOrZero) {
  EXPECT_EQ((std::vector<double>{1, 0, 0}),
            scores<double>({0, 1, 2}, {1, 0, 0, 1, 0, 0, 0.5, 0.5, 0},
                           {.method = Method::kConfidenceWeightedEntropy}));
}

TEST(ConfidenceWeightedEntropy, FallsAsTheGivenLabelBecomesImpossible) {
  double last = 1;
  for (const double p : {0.9, 0.5, 0.1, 1e-3, 1e-6, 1e-9, 1e-12, 0.0}) {
    const double score =
        scores<double>({0}, {p, 1 - p}, {.method = Method::kConfidenceWeightedEntropy})[0];
    EXPECT_LT(score, last) << p;
    last = score;
  }
}

TEST(ConfidenceWeightedEntropy, OfASingleClassIsOne) {
  EXPECT_EQ((std::vector<double>{1, 0}),
            scores<double>({0, 0}, {0.5, 0.0}, {.method = Method::kConfidenceWeightedEntropy}));
}

TEST(Scores, OfIgnoredExamplesAreNan) {
  for (const Method method :
       {Method::kSelfConfidence, Method::kNormalizedMargin, Method::kConfidenceWeightedEntropy}) {
    const auto result = scores<double>({0, -1, 1}, {1, 0, kNan, 3, 0, 1}, {.method = method});
    EXPECT_EQ(1, result[0]);
    EXPECT_TRUE(std::isnan(result[1]));
    EXPECT_EQ(1, result[2]);
  }
}

TEST(Scores, AreClippedWhereProbabilitiesOvershoot) {
  for (const Method method :
       {Method::kSelfConfidence, Method::kNormalizedMargin, Method::kConfidenceWeightedEntropy}) {
    for (const double score :
         scores<double>({0, 1}, {1 + 9e-7, -9e-7, 1 + 9e-7, -9e-7}, {.method = method})) {
      EXPECT_GE(score, 0);
      EXPECT_LE(score, 1);
    }
  }
}

TEST(Scores, NameTheRowOfAnInvalidProbability) {
  const std::vector<double> p = {0.5, 0.5, 0.5, 0.5, 0.5, kNan};
  for (const Method method :
       {Method::kSelfConfidence, Method::kNormalizedMargin, Method::kConfidenceWeightedEntropy}) {
    const auto error =
        test_support::error_of([&] { scores<double>({0, 1, 1}, p, {.method = method}); });
    ASSERT_TRUE(error);
    EXPECT_EQ(ErrorCode::kInvalidData, error->code());
    EXPECT_EQ(2, error->location().row);
    EXPECT_EQ("1", error->location().column);
  }
}

TEST(Scores, RefuseALabelOutsideTheClasses) {
  expect_error(ErrorCode::kInvalidData, "2",
               [] { scores<double>({0, 2}, {0.5, 0.5, 0.5, 0.5}, {}); });
}

TEST(AdjustedScores, UseTwoAsTheThresholdOfAnAbsentClass) {
  // t = (.5, 2): P' = (P + 1.5, P), divided by the sum.
  EXPECT_NEAR(2.0 / 2.5, scores<double>({0}, {0.5, 0.5}, {.adjust_pred_probs = true})[0], 1e-15);
}

TEST(AdjustedScores, AreNotDefinedForEntropy) {
  expect_error(ErrorCode::kInvalidArgument, "adjust", [] {
    scores<double>({0}, {0.5, 0.5},
                   {.method = Method::kConfidenceWeightedEntropy, .adjust_pred_probs = true});
  });
}

TEST(AdjustedScores, RefuseAWrongNumberOfThresholds) {
  expect_error(ErrorCode::kInvalidArgument, "thresholds", [] {
    scores<double>({0}, {0.5, 0.5}, {.adjust_pred_probs = true, .thresholds = {0.5}});
  });
}

}  // namespace
