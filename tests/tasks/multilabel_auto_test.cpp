// The automatic method for sets of labels: its scores are those of the problems with two classes,
// its cut is that of a naive oracle.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "labelsieve/error.h"
#include "labelsieve/multilabel_classification.h"
#include "multilabel_data.h"
#include "reference/auto.h"
#include "reference/compare.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::Method;
using labelsieve::MultilabelFilterOptions;
using labelsieve::MultilabelScoreOptions;
using test_support::Data;
using test_support::SetData;
using test_support::SetKind;
using test_support::Stored;
using test_support::StoredSets;

/// Which labels of one class the cut takes, written down as docs/definitions.md §9 says it.
std::vector<uint8_t> naive_cut(const Data& data, double& expected) {
  const double beta = reference::fitted_temperature(data);
  const reference::Auto fitted = reference::automatic(data, beta);
  const size_t size = data.labels.size();
  std::vector<size_t> predicted(size);
  std::vector<double> sure(size);
  double sum[2] = {};
  double count[2] = {};
  for (size_t i = 0; i < size; ++i) {
    const auto& row = data.pred_probs[i];
    predicted[i] = row[1] > row[0] ? 1 : 0;
    const double own = std::pow(std::max(row[predicted[i]], 1e-6), beta);
    const double other = std::pow(std::max(row[1 - predicted[i]], 1e-6), beta);
    sure[i] = own / (own + other);
    sum[predicted[i]] += sure[i];
    count[predicted[i]] += 1;
  }
  const double eps = fitted.expected_disagreement;
  double confusion[2][2] = {{1 - eps, eps}, {eps, 1 - eps}};
  for (size_t i = 0; i < size; ++i) {
    if (sure[i] < sum[predicted[i]] / count[predicted[i]]) continue;
    confusion[predicted[i]][data.labels[i]] += 1;
  }
  std::vector<double> chance(size);
  for (size_t i = 0; i < size; ++i) {
    if (!(fitted.log_odds[i] > 0)) continue;
    const auto y = static_cast<size_t>(data.labels[i]);
    const double al = confusion[y][1 - y] / (confusion[y][0] + confusion[y][1]);
    const double be = confusion[1 - y][y] / (confusion[1 - y][0] + confusion[1 - y][1]);
    const auto& row = data.pred_probs[i];
    const double own = std::pow(std::max(row[y], 1e-6), beta);
    const double other = std::pow(std::max(row[1 - y], 1e-6), beta);
    const double right =
        std::clamp((own / (own + other) - be) / std::max(1 - al - be, 1e-3), 0.0, 1.0);
    const double low = (1 - right) * be / std::max((1 - right) * be + right * (1 - al), 1e-300);
    chance[i] = std::pow(low, 0.75);
  }
  expected = std::accumulate(chance.begin(), chance.end(), 0.0);
  std::vector<size_t> order(size);
  std::iota(order.begin(), order.end(), size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](size_t a, size_t b) { return fitted.log_odds[a] > fitted.log_odds[b]; });
  double best = 0;
  double found = 0;
  size_t cut = 0;
  for (size_t k = 0; k < size; ++k) {
    found += chance[order[k]];
    const double f1 = 2 * found / (static_cast<double>(k + 1) + expected);
    if (f1 > best * (1 + 1e-12)) {
      best = f1;
      cut = k + 1;
    }
  }
  std::vector<uint8_t> mask(size);
  for (size_t k = 0; k < cut; ++k) mask[order[k]] = 1;
  return mask;
}

TEST(MultilabelAuto, CutsLikeTheOracle) {
  for (const SetKind kind : {SetKind::kNoisySets, SetKind::kRandomSets, SetKind::kLopsided}) {
    for (const FloatType type : reference::kAllFloatTypes) {
      const SetData data = test_support::make_sets(kind, 400, 5, 21, type);
      const StoredSets stored(data);
      auto source = stored.source();
      const auto found =
          labelsieve::find_multilabel_issues_per_class(source, {.filter_by = FilterBy::kAuto});
      ASSERT_EQ(5u, found.expected_errors.size());
      const auto mask = found.per_class_mask();
      for (int64_t k = 0; k < 5; ++k) {
        SCOPED_TRACE(test_support::name(kind) + ", class " + std::to_string(k));
        std::vector<uint8_t> of_class;
        for (size_t i = 0; i < data.sets.size(); ++i) {
          of_class.push_back(mask[i * 5 + static_cast<size_t>(k)]);
        }
        double expected = 0;
        EXPECT_TRUE(reference::same_mask(naive_cut(test_support::binary_problem(data, k), expected),
                                         of_class));
        const auto& errors = found.expected_errors[static_cast<size_t>(k)];
        EXPECT_NEAR(expected, errors.expected, 1e-6);
        EXPECT_LE(errors.low, errors.expected + 1e-9);
        EXPECT_LE(errors.expected, errors.high + 1e-9);
      }
    }
  }
}

TEST(MultilabelAuto, ScoresAreThoseOfTheBinaryProblems) {
  for (const SetKind kind : test_support::kAllSetKinds) {
    for (const FloatType type : reference::kAllFloatTypes) {
      const SetData data = test_support::make_sets(kind, 300, 4, 5, type);
      const StoredSets stored(data);
      auto source = stored.source();
      MultilabelScoreOptions options;
      options.method = Method::kAuto;
      const auto scores = labelsieve::multilabel_quality_scores_per_class(source, options);
      for (int64_t k = 0; k < data.num_classes; ++k) {
        SCOPED_TRACE(test_support::name(kind) + ", class " + std::to_string(k));
        const Stored binary(test_support::binary_problem(data, k));
        auto binary_source = binary.source();
        const auto expected =
            labelsieve::label_quality_scores(binary_source, {.method = Method::kAuto});
        for (size_t i = 0; i < expected.size(); ++i) {
          ASSERT_NEAR(expected[i], scores[i * 4 + static_cast<size_t>(k)], 1e-12) << i;
        }
      }
    }
  }
}

TEST(MultilabelAuto, ThreadsBlocksAndGivenModelsChangeNothing) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 500, 7, 9);
  const StoredSets stored(data);
  auto source = stored.source();
  const auto find = [](labelsieve::MultilabelSource& from, int threads) {
    MultilabelFilterOptions options;
    options.filter_by = FilterBy::kAuto;
    options.execution.num_threads = threads;
    return labelsieve::find_multilabel_issues(from, options);
  };
  const auto whole = find(source, 1);
  EXPECT_GT(whole.num_issues, 0);
  MultilabelScoreOptions options;
  options.method = Method::kAuto;
  const auto scores = labelsieve::multilabel_quality_scores(source, options);
  options.auto_models = whole.auto_models;
  EXPECT_EQ(scores, labelsieve::multilabel_quality_scores(source, options));
  for (const int64_t rows : {1, 33, 1000}) {
    test_support::SetBlockSource blocks(stored.matrix(), stored.pred_probs(), rows);
    const auto found = find(blocks, 3);
    EXPECT_EQ(whole.mask, found.mask);
    EXPECT_EQ(whole.wrong, found.wrong);
    EXPECT_EQ(scores, labelsieve::multilabel_quality_scores(blocks, options));
  }
}

TEST(MultilabelAuto, IgnoredExamplesAreLeftOut) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 400, 3, 4);
  SetData kept = data;
  kept.sets.clear();
  kept.pred_probs.clear();
  std::vector<uint8_t> ignored;
  for (size_t i = 0; i < data.sets.size(); ++i) {
    ignored.push_back(i % 5 == 0);
    if (ignored.back() != 0) continue;
    kept.sets.push_back(data.sets[i]);
    kept.pred_probs.push_back(data.pred_probs[i]);
  }
  const StoredSets stored(data);
  labelsieve::LabelSetsView labels = stored.ragged();
  labels.ignored = ignored.data();
  labelsieve::MultilabelMemorySource source(labels, stored.pred_probs());
  const StoredSets stored_kept(kept);
  auto expected_source = stored_kept.source();
  const MultilabelFilterOptions options{.filter_by = FilterBy::kAuto};
  const auto found = labelsieve::find_multilabel_issues(source, options);
  const auto expected = labelsieve::find_multilabel_issues(expected_source, options);
  EXPECT_EQ(expected.wrong, found.wrong);
  EXPECT_EQ(expected.num_issues, found.num_issues);
}

TEST(MultilabelAuto, RefusesWhatDoesNotFit) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 50, 3, 4);
  const StoredSets stored(data);
  auto source = stored.source();
  MultilabelScoreOptions options;
  options.method = Method::kAuto;
  options.adjust_pred_probs = true;
  EXPECT_THROW(labelsieve::multilabel_quality_scores(source, options), labelsieve::Error);
  options.adjust_pred_probs = false;
  options.auto_models.resize(2);
  EXPECT_THROW(labelsieve::multilabel_quality_scores(source, options), labelsieve::Error);
  SetData broken = data;
  broken.pred_probs[7][1] = 1.5;
  const StoredSets stored_broken(broken);
  auto broken_source = stored_broken.source();
  try {
    labelsieve::multilabel_quality_scores(broken_source, {.method = Method::kAuto});
    FAIL() << "no error";
  } catch (const labelsieve::Error& error) {
    EXPECT_EQ(7, error.location().row);
    EXPECT_EQ("1", error.location().column);
  }
}

}  // namespace
