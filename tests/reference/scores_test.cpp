// Scores, adjusted probabilities and ensembles of the engine against the oracle.
#include <gtest/gtest.h>

#include "labelsieve/ensemble.h"
#include "labelsieve/rank.h"
#include "reference/compare.h"
#include "support/options.h"
#include "support/sources.h"

namespace {

using labelsieve::FloatType;
using labelsieve::Method;
using reference::near;
using test_support::Data;
using test_support::Stored;

/// Scores of narrow input are arithmetic in single precision.
double tolerance(FloatType type) { return type == FloatType::kFloat64 ? 1e-12 : 1e-6; }

std::vector<double> engine_scores(const Data& data, const labelsieve::ScoreOptions& options,
                                  test_support::Layout layout = test_support::Layout::kRowMajor) {
  const Stored stored(data, layout);
  labelsieve::MemorySource source = stored.source();
  return labelsieve::label_quality_scores(source, options);
}

class Scores : public testing::TestWithParam<reference::Case> {};
INSTANTIATE_TEST_SUITE_P(Data, Scores, testing::ValuesIn(reference::all_cases()),
                         reference::case_name);

TEST_P(Scores, EqualTheOracle) {
  for (const FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    for (const Method method : test_support::kAllMethods) {
      SCOPED_TRACE(test_support::name(type) + ", method " +
                   std::to_string(static_cast<int>(method)));
      const double allowed = method == Method::kSelfConfidence ? 0 : tolerance(type);
      EXPECT_TRUE(
          near(reference::scores(data, method), engine_scores(data, {.method = method}), allowed));
    }
  }
}

TEST_P(Scores, AdjustedEqualTheOracle) {
  for (const FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Data adjusted = reference::adjusted(data, reference::thresholds(data));
    for (const Method method : {Method::kSelfConfidence, Method::kNormalizedMargin}) {
      SCOPED_TRACE(test_support::name(type));
      EXPECT_TRUE(near(reference::scores(adjusted, method),
                       engine_scores(data, {.method = method, .adjust_pred_probs = true}),
                       tolerance(type)));
    }
  }
}

TEST_P(Scores, GivenThresholdsAreSubtracted) {
  const Data data = reference::make_case(GetParam());
  std::vector<double> thresholds;
  for (int64_t k = 0; k < data.num_classes; ++k) {
    thresholds.push_back(0.1 +
                         0.8 * static_cast<double>(k) / static_cast<double>(data.num_classes));
  }
  const Data adjusted = reference::adjusted(data, thresholds);
  EXPECT_TRUE(near(reference::scores(adjusted, Method::kNormalizedMargin),
                   engine_scores(data, {.method = Method::kNormalizedMargin,
                                        .adjust_pred_probs = true,
                                        .thresholds = thresholds}),
                   1e-12));
}

/// Three models: one good, one that guesses, one in between.
std::vector<Data> three_models(const reference::Case& chosen) {
  const Data good = reference::make_case(chosen);
  Data guess =
      test_support::make_data(test_support::Kind::kRandom, good.size(), good.num_classes, 7);
  guess.labels = good.labels;
  Data middle = good;
  for (size_t i = 0; i < middle.pred_probs.size(); ++i) {
    for (size_t k = 0; k < middle.pred_probs[i].size(); ++k) {
      middle.pred_probs[i][k] = (good.pred_probs[i][k] + guess.pred_probs[i][k]) / 2;
    }
  }
  return {good, guess, middle};
}

class Ensemble : public testing::TestWithParam<reference::Case> {
 protected:
  Ensemble() : models_(three_models(GetParam())) {
    for (const Data& model : models_) matrices_.emplace_back(model);
    for (const auto& matrix : matrices_) views_.push_back(matrix.view());
  }

  std::vector<double> weights(const labelsieve::EnsembleOptions& options) const {
    return labelsieve::ensemble_weights(labels_.view(), views_, options);
  }

  std::vector<Data> models_;
  std::vector<test_support::StoredMatrix> matrices_;
  std::vector<labelsieve::MatrixView> views_;
  test_support::StoredLabels labels_{models_[0].labels, labelsieve::IntType::kInt32};
};
INSTANTIATE_TEST_SUITE_P(Data, Ensemble,
                         testing::Combine(testing::ValuesIn(test_support::kAllKinds),
                                          testing::Values(1, 2, 10)),
                         reference::case_name);

TEST_P(Ensemble, WeightsEqualTheOracle) {
  using labelsieve::EnsembleWeights;
  EXPECT_TRUE(
      near({1.0 / 3, 1.0 / 3, 1.0 / 3}, weights({.weights = EnsembleWeights::kUniform}), 1e-15));
  EXPECT_TRUE(near(reference::accuracy_weights(models_), weights({}), 1e-12));
  const labelsieve::EnsembleOptions search{.weights = EnsembleWeights::kLogLossSearch};
  EXPECT_TRUE(
      near(reference::log_loss_weights(models_, search.log_loss_search_t), weights(search), 1e-9));
  EXPECT_EQ((std::vector<double>{3, 0, 0.25}),
            weights({.weights = EnsembleWeights::kCustom, .custom_weights = {3, 0, 0.25}}));
}

TEST_P(Ensemble, ScoresAreTheWeightedSum) {
  const std::vector<double> given = {0.5, 0.2, 0.9};
  for (const Method method : test_support::kAllMethods) {
    std::vector<double> expected(models_[0].labels.size());
    for (size_t m = 0; m < models_.size(); ++m) {
      const std::vector<double> scores = reference::scores(models_[m], method);
      for (size_t i = 0; i < scores.size(); ++i) expected[i] += given[m] * scores[i];
    }
    EXPECT_TRUE(near(expected,
                     labelsieve::ensemble_label_quality_scores(labels_.view(), views_, given,
                                                               {.method = method}),
                     1e-12));
  }
}

TEST_P(Ensemble, AveragedSourceDeliversTheWeightedMean) {
  const std::vector<double> given = {1, 2, 5};
  Data mean = models_[0];
  for (size_t i = 0; i < mean.pred_probs.size(); ++i) {
    for (size_t k = 0; k < mean.pred_probs[i].size(); ++k) {
      double sum = 0;
      for (size_t m = 0; m < 3; ++m) sum += given[m] * models_[m].pred_probs[i][k];
      mean.pred_probs[i][k] = sum / 8;
    }
  }
  labelsieve::AveragedSource source(labels_.view(), views_, given);
  const std::vector<double> scores =
      labelsieve::label_quality_scores(source, {.method = Method::kNormalizedMargin});
  EXPECT_TRUE(near(reference::scores(mean, Method::kNormalizedMargin), scores, 1e-12));
}

}  // namespace
