// Finding, ranking and summing up multi-label issues: cases by hand, and what must always hold.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "labelsieve/multilabel_classification.h"
#include "multilabel_data.h"
#include "reference/compare.h"
#include "support/options.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::LabelSetsView;
using labelsieve::Method;
using labelsieve::MultilabelFilterOptions;
using labelsieve::MultilabelIssues;
using test_support::kAllSetKinds;
using test_support::SetBlockSource;
using test_support::SetData;
using test_support::SetKind;
using test_support::StoredSets;
using testing::ElementsAre;
using testing::IsEmpty;

/// Four good examples, one that lacks class 1, one that has class 0 wrongly; three classes.
SetData by_hand() {
  SetData data;
  data.num_classes = 3;
  data.sets = {{0}, {0, 1}, {}, {1}, {0}, {0, 1}, {1}, {}};
  data.pred_probs = {{0.9, 0.1, 0.1},  {0.8, 0.9, 0.2},  {0.1, 0.2, 0.3}, {0.2, 0.8, 0.1},
                     {0.9, 0.97, 0.1}, {0.05, 0.9, 0.1}, {0.3, 0.7, 0.2}, {0.2, 0.1, 0.1}};
  return data;
}

TEST(MultilabelFind, SaysWhichClassToAddOrRemove) {
  const SetData data = by_hand();
  const StoredSets stored(data);
  auto source = stored.source();
  const auto issues =
      labelsieve::find_multilabel_issues(source, {.filter_by = FilterBy::kPredictedNeqGiven});
  EXPECT_EQ((std::vector<uint8_t>{0, 0, 0, 0, 1, 1, 0, 0}), issues.mask);
  EXPECT_EQ(2, issues.num_issues);
  const auto ranked = labelsieve::rank_multilabel_issues(source, issues);
  ASSERT_EQ(2U, ranked.size());
  EXPECT_EQ(4, ranked[0].index);  // its lowest score is 0.03, that of the other one 0.05
  EXPECT_THAT(ranked[0].given_labels, ElementsAre(0));
  EXPECT_THAT(ranked[0].suggested_labels, ElementsAre(0, 1));
  EXPECT_THAT(ranked[0].add, ElementsAre(1));
  EXPECT_THAT(ranked[0].remove, IsEmpty());
  EXPECT_NEAR(0.8 * 0.03 + 0.2 * 0.9, ranked[0].label_quality, 1e-12);
  EXPECT_EQ(5, ranked[1].index);
  EXPECT_THAT(ranked[1].given_labels, ElementsAre(0, 1));
  EXPECT_THAT(ranked[1].suggested_labels, ElementsAre(1));
  EXPECT_THAT(ranked[1].remove, ElementsAre(0));
  EXPECT_THAT(ranked[1].add, IsEmpty());

  const auto by_class = labelsieve::rank_multilabel_issues_per_class(source, issues);
  ASSERT_EQ(3U, by_class.size());
  EXPECT_THAT(by_class[0].indices, ElementsAre(5));
  EXPECT_THAT(by_class[1].indices, ElementsAre(4));
  EXPECT_THAT(by_class[2].indices, IsEmpty());
  EXPECT_NEAR(0.05, by_class[0].scores[0], 1e-15);
}

TEST(MultilabelFind, HealthCountsTheFlagged) {
  const StoredSets stored(by_hand());
  auto source = stored.source();
  const auto issues =
      labelsieve::find_multilabel_issues(source, {.filter_by = FilterBy::kPredictedNeqGiven});
  EXPECT_DOUBLE_EQ(0.75, labelsieve::overall_multilabel_health_score(issues));
  const auto common = labelsieve::common_multilabel_issues(issues);
  ASSERT_EQ(6U, common.size());
  EXPECT_EQ(0, common[0].label);
  EXPECT_TRUE(common[0].given);
  EXPECT_EQ(1, common[0].num_examples);
  EXPECT_DOUBLE_EQ(0.125, common[0].issue_probability);
  EXPECT_EQ(1, common[1].label);
  EXPECT_FALSE(common[1].given);
  EXPECT_EQ(0, common[2].num_examples);
  const auto classes = labelsieve::rank_classes_by_multilabel_quality(issues);
  ASSERT_EQ(3U, classes.size());
  EXPECT_EQ(0, classes[0].label);
  EXPECT_EQ(4, classes[0].num_examples);
  EXPECT_DOUBLE_EQ(0.875, classes[0].label_quality_score);
  EXPECT_DOUBLE_EQ(0, classes[0].inverse_label_noise);
  EXPECT_EQ(1, classes[1].label);
  EXPECT_DOUBLE_EQ(0.125, classes[1].inverse_label_noise);
  EXPECT_DOUBLE_EQ(1, classes[1].label_quality_score);
}

/// Everything that finding and ranking say, for comparing.
struct Outcome {
  std::vector<uint8_t> mask;
  std::vector<labelsieve::ClassIssue> wrong;
  std::vector<int64_t> ranked;
  std::vector<double> scores;

  friend bool operator==(const Outcome&, const Outcome&) = default;
};

Outcome outcome(labelsieve::MultilabelSource& source, FilterBy filter_by, int threads = 1) {
  MultilabelFilterOptions options{.filter_by = filter_by};
  options.execution.num_threads = threads;
  labelsieve::MultilabelScoreOptions score{.method = Method::kNormalizedMargin,
                                           .adjust_pred_probs = true};
  score.execution.num_threads = threads;
  const auto issues = labelsieve::find_multilabel_issues(source, options);
  Outcome result{
      issues.mask, issues.wrong, {}, labelsieve::multilabel_quality_scores(source, score)};
  for (const auto& example : labelsieve::rank_multilabel_issues(source, issues, score)) {
    result.ranked.push_back(example.index);
    EXPECT_EQ(result.scores[static_cast<size_t>(example.index)], example.label_quality);
  }
  return result;
}

TEST(MultilabelFind, BlocksThreadsAndLayoutsChangeNothing) {
  for (const SetKind kind : kAllSetKinds) {
    for (const FloatType type : reference::kAllFloatTypes) {
      const SetData data = test_support::make_sets(kind, 5000, 7, 11, type);
      const StoredSets stored(data);
      for (const FilterBy filter_by : test_support::kAllFilters) {
        SCOPED_TRACE(test_support::name(kind) + ", filter " +
                     std::to_string(static_cast<int>(filter_by)));
        auto source = stored.source();
        const Outcome whole = outcome(source, filter_by);
        EXPECT_EQ(whole, outcome(source, filter_by, 3));
        SetBlockSource blocks(stored.matrix(), stored.pred_probs(), 700);
        EXPECT_EQ(whole, outcome(blocks, filter_by, 2));
      }
      for (const auto layout : test_support::kAllLayouts) {
        SCOPED_TRACE(test_support::name(layout));
        const StoredSets other(data, layout);
        auto source = stored.source();
        auto other_source = other.source();
        EXPECT_EQ(outcome(source, FilterBy::kBoth), outcome(other_source, FilterBy::kBoth));
      }
    }
  }
}

TEST(MultilabelFind, PermutingTheClassesPermutesTheIssues) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 900, 6, 3);
  const std::vector<int32_t> order{4, 0, 5, 2, 1, 3};  // new class c was order[c]
  SetData moved = data;
  for (size_t i = 0; i < data.sets.size(); ++i) {
    moved.sets[i].clear();
    for (int32_t c = 0; c < 6; ++c) {
      const int32_t was = order[static_cast<size_t>(c)];
      moved.pred_probs[i][static_cast<size_t>(c)] = data.pred_probs[i][static_cast<size_t>(was)];
      if (data.has(i, was)) moved.sets[i].push_back(c);
    }
  }
  const StoredSets stored(data);
  const StoredSets stored_moved(moved);
  for (const FilterBy filter_by : test_support::kAllFilters) {
    auto source = stored.source();
    auto source_moved = stored_moved.source();
    const auto a = labelsieve::find_multilabel_issues_per_class(source, {.filter_by = filter_by});
    const auto b =
        labelsieve::find_multilabel_issues_per_class(source_moved, {.filter_by = filter_by});
    EXPECT_EQ(a.mask, b.mask);
    const auto mask = a.per_class_mask();
    const auto mask_moved = b.per_class_mask();
    for (size_t i = 0; i < data.sets.size(); ++i) {
      for (size_t c = 0; c < 6; ++c) {
        ASSERT_EQ(mask[i * 6 + static_cast<size_t>(order[c])], mask_moved[i * 6 + c]);
      }
    }
  }
}

// One class is the problem with two classes itself.
TEST(MultilabelFind, OneClassIsTheBinaryProblem) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 2000, 1, 4);
  const StoredSets stored(data);
  const test_support::Stored binary(test_support::binary_problem(data, 0));
  for (const FilterBy filter_by : test_support::kAllFilters) {
    if (filter_by == FilterBy::kLowNormalizedMargin) continue;  // ranked by self-confidence here
    auto source = stored.source();
    auto binary_source = binary.source();
    const auto found = labelsieve::find_multilabel_issues(source, {.filter_by = filter_by});
    EXPECT_GT(found.num_issues, 0);
    EXPECT_EQ(labelsieve::find_label_issues(binary_source, {.filter_by = filter_by}).mask,
              found.mask);
  }
}

TEST(MultilabelFind, LowFiltersTakeTheLowestPooledScores) {
  for (const SetKind kind : kAllSetKinds) {
    const StoredSets stored(test_support::make_sets(kind, 600, 5, 8));
    auto source = stored.source();
    const auto confident =
        labelsieve::find_multilabel_issues(source, {.filter_by = FilterBy::kConfidentLearning});
    const auto scores = labelsieve::multilabel_quality_scores(source);
    std::vector<uint8_t> expected(scores.size());
    const auto order = reference::ascending(scores);
    for (int64_t n = 0; n < confident.num_issues; ++n) {
      expected[static_cast<size_t>(order[static_cast<size_t>(n)])] = 1;
    }
    for (const FilterBy filter_by :
         {FilterBy::kLowNormalizedMargin, FilterBy::kLowSelfConfidence}) {
      const auto low = labelsieve::find_multilabel_issues(source, {.filter_by = filter_by});
      EXPECT_EQ(expected, low.mask);
      EXPECT_EQ(confident.num_issues, low.num_issues);
      for (size_t i = 0; i < low.mask.size(); ++i) {
        if (low.mask[i] != 0) continue;
        EXPECT_THAT(low.wrong_classes(static_cast<int64_t>(i)), IsEmpty());
      }
    }
  }
}

TEST(MultilabelFind, IgnoredExamplesAreAsIfTheyWereNotThere) {
  SetData data = test_support::make_sets(SetKind::kNoisySets, 3000, 4, 6);
  SetData kept;
  kept.num_classes = 4;
  std::vector<uint8_t> ignored;
  std::vector<size_t> rows;
  for (size_t i = 0; i < data.sets.size(); ++i) {
    ignored.push_back(i % 5 == 2 ? 1 : 0);
    if (ignored.back() != 0) {
      data.pred_probs[i].assign(4, std::nan(""));
      continue;
    }
    rows.push_back(i);
    kept.sets.push_back(data.sets[i]);
    kept.pred_probs.push_back(data.pred_probs[i]);
  }
  const StoredSets stored(data);
  const StoredSets stored_kept(kept);
  for (const FilterBy filter_by : test_support::kAllFilters) {
    LabelSetsView labels = stored.ragged();
    labels.ignored = ignored.data();
    SetBlockSource source(labels, stored.pred_probs(), 911);
    auto source_kept = stored_kept.source();
    const Outcome all = outcome(source, filter_by);
    const Outcome expected = outcome(source_kept, filter_by);
    EXPECT_EQ(expected.wrong, all.wrong);
    for (size_t n = 0; n < rows.size(); ++n) {
      ASSERT_EQ(expected.mask[n], all.mask[rows[n]]);
      ASSERT_EQ(expected.scores[n], all.scores[rows[n]]);
    }
    EXPECT_TRUE(std::isnan(all.scores[2]));
    EXPECT_EQ(0, all.mask[2]);
  }
}

}  // namespace
