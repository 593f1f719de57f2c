// The automatic method against its oracle: below and above the size from which it is fitted to a
// subsample and computed in single precision.
#include "reference/auto.h"

#include <gtest/gtest.h>

#include <cmath>

#include "labelsieve/error.h"
#include "labelsieve/filter.h"
#include "reference/compare.h"
#include "support/sources.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::Method;
using test_support::Data;
using test_support::Kind;
using test_support::Stored;

double quality(double log_odds) { return 1 / (1 + std::exp(log_odds)); }

void expect_oracle(const Data& data, double tolerance, bool same_temperature) {
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  const auto found = labelsieve::find_label_issues(source, {.filter_by = FilterBy::kAuto});
  ASSERT_TRUE(found.auto_model != nullptr && found.expected_errors.has_value());
  const auto& model = *found.auto_model;
  if (same_temperature) {
    EXPECT_NEAR(reference::fitted_temperature(data), model.temperature, 1e-9);
  }
  const reference::Auto expected = reference::automatic(data, model.temperature);
  EXPECT_NEAR(expected.expected_disagreement, model.expected_disagreement, tolerance);
  EXPECT_TRUE(reference::near(reference::flat(expected.corrections), model.corrections, tolerance));

  const auto scores = labelsieve::label_quality_scores(
      source, {.method = Method::kAuto, .auto_model = found.auto_model});
  reference::Vector qualities;
  for (const double s : expected.log_odds) qualities.push_back(quality(s));
  EXPECT_TRUE(reference::near(qualities, scores, tolerance));
  EXPECT_NEAR(expected.high, found.expected_errors->high, tolerance > 1e-7 ? 2 : 0);
  EXPECT_NEAR(expected.low, found.expected_errors->low, 1e3 * tolerance);
  EXPECT_NEAR(expected.expected, found.expected_errors->expected, 1e3 * tolerance);
  if (tolerance < 1e-7) {
    EXPECT_TRUE(reference::same_mask(expected.mask, found.mask));
  }
}

TEST(AutoOracle, SmallDataAreExact) {
  for (const Kind kind : {Kind::kNoisy, Kind::kRandom, Kind::kImbalanced, Kind::kMissingClass}) {
    for (const int num_classes : {2, 3, 17, 33}) {
      for (const FloatType type : reference::kAllFloatTypes) {
        SCOPED_TRACE(test_support::name(kind) + ", K = " + std::to_string(num_classes) + ", " +
                     test_support::name(type));
        const Data data = test_support::make_data(kind, 250, num_classes, 11);
        expect_oracle(test_support::rounded_to(type, data), 1e-9, true);
      }
    }
  }
}

TEST(AutoOracle, LargeDataAreExactGivenTheTemperature) {
  for (const auto& [examples, num_classes] : {std::pair{140000, 3}, std::pair{5000, 450}}) {
    for (const FloatType type : {FloatType::kFloat32, FloatType::kFloat64}) {
      SCOPED_TRACE(std::to_string(num_classes) + " classes, " + test_support::name(type));
      const Data data = test_support::rounded_to(
          type, test_support::make_data(Kind::kNoisy, examples, num_classes, 3));
      expect_oracle(data, type == FloatType::kFloat64 ? 1e-9 : 2e-6, false);
    }
  }
}

// The subsample is not far from the whole.
TEST(AutoOracle, TheTemperatureOfASubsampleIsClose) {
  const Data data = test_support::make_data(Kind::kNoisy, 140000, 3, 4);
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  const double fitted = labelsieve::fit_auto_model(source).temperature;
  EXPECT_NEAR(reference::fitted_temperature(data), fitted, 0.02 * fitted);
}

// Ties, saturated and uniform rows: nothing overflows, and the cut follows the ranking.
TEST(AutoOracle, DegenerateDataGiveNumbers) {
  for (const Kind kind : test_support::kAllKinds) {
    for (const int num_classes : {1, 2, 9}) {
      SCOPED_TRACE(test_support::name(kind) + ", K = " + std::to_string(num_classes));
      const Data data = test_support::make_data(kind, 200, num_classes, 8);
      const Stored stored(data);
      labelsieve::MemorySource source = stored.source();
      const auto found = labelsieve::find_label_issues(source, {.filter_by = FilterBy::kAuto});
      const auto scores = labelsieve::label_quality_scores(source, {.method = Method::kAuto});
      double worst_flagged = 0;
      double best_kept = 1;
      for (size_t i = 0; i < scores.size(); ++i) {
        ASSERT_TRUE(scores[i] >= 0 && scores[i] <= 1) << i;
        if (found.mask[i] != 0) worst_flagged = std::max(worst_flagged, scores[i]);
        if (found.mask[i] == 0) best_kept = std::min(best_kept, scores[i]);
      }
      EXPECT_LE(worst_flagged, best_kept);
      EXPECT_TRUE(found.num_issues == 0 || worst_flagged < 0.5);
      EXPECT_LE(found.expected_errors->low, found.expected_errors->expected + 1e-9);
      EXPECT_LE(found.expected_errors->expected, found.expected_errors->high + 1e-9);
    }
  }
}

}  // namespace
