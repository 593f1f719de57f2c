// Ensembles at their edges.
#include "labelsieve/ensemble.h"

#include <gtest/gtest.h>

#include <array>

#include "support/errors.h"

namespace {

using labelsieve::EnsembleWeights;
using labelsieve::ErrorCode;
using labelsieve::MatrixView;
using test_support::expect_error;

constexpr std::array<int, 2> kLabels{0, 1};
constexpr std::array<double, 4> kRight{0.75, 0.25, 0.25, 0.75};
constexpr std::array<double, 4> kWrong{0.25, 0.75, 0.75, 0.25};

labelsieve::LabelsView labels() { return {kLabels.data(), 2}; }
MatrixView right() { return {kRight.data(), 2, 2}; }
MatrixView wrong() { return {kWrong.data(), 2, 2}; }

TEST(EnsembleWeights, AccuracyLeavesAWrongModelOut) {
  const std::array models{right(), wrong()};
  EXPECT_EQ((std::vector<double>{1, 0}), labelsieve::ensemble_weights(labels(), models));
}

TEST(EnsembleWeights, AccuracyOfModelsThatAreAllWrongIsUniform) {
  const std::array models{wrong(), wrong()};
  EXPECT_EQ((std::vector<double>{0.5, 0.5}), labelsieve::ensemble_weights(labels(), models));
}

TEST(EnsembleWeights, LogLossSearchPrefersTheBetterModel) {
  const std::array models{wrong(), right()};
  const auto weights =
      labelsieve::ensemble_weights(labels(), models, {.weights = EnsembleWeights::kLogLossSearch});
  EXPECT_GT(weights[1], 0.99);
}

TEST(EnsembleWeights, CustomAreTakenAsGiven) {
  const std::array models{right(), wrong()};
  EXPECT_EQ((std::vector<double>{7, 2}),
            labelsieve::ensemble_weights(
                labels(), models, {.weights = EnsembleWeights::kCustom, .custom_weights = {7, 2}}));
}

TEST(EnsembleWeights, RefuseWhatDoesNotFit) {
  const std::array models{right(), wrong()};
  expect_error(ErrorCode::kInvalidArgument, "model",
               [] { labelsieve::ensemble_weights(labels(), {}); });
  expect_error(ErrorCode::kInvalidArgument, "weight", [&] {
    labelsieve::ensemble_weights(labels(), models,
                                 {.weights = EnsembleWeights::kCustom, .custom_weights = {1}});
  });
  expect_error(ErrorCode::kInvalidArgument, "custom",
               [&] { labelsieve::ensemble_weights(labels(), models, {.custom_weights = {1, 2}}); });
  const std::array different{right(), MatrixView(kRight.data(), 2, 1)};
  expect_error(ErrorCode::kInvalidArgument, "",
               [&] { labelsieve::ensemble_weights(labels(), different); });
}

TEST(EnsembleScores, AreTheWeightedSum) {
  const std::array models{right(), wrong()};
  EXPECT_EQ((std::vector<double>{0.625, 0.625}),
            labelsieve::ensemble_label_quality_scores(labels(), models, std::array{0.75, 0.25}));
}

}  // namespace
