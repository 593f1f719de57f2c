// Filters by hand, and the options they refuse.
#include "labelsieve/filter.h"

#include <gtest/gtest.h>

#include <numeric>

#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::FilterBy;
using labelsieve::FilterOptions;
using labelsieve::SparseMatrix;
using test_support::expect_error;
using Mask = std::vector<uint8_t>;

// Ten examples of two classes. 4 is labelled 0 and looks like 1, 9 the other way round; 3 and 8
// lean over a little.
class TwoClasses : public testing::Test {
 protected:
  labelsieve::LabelIssues find(const FilterOptions& options = {}) const {
    labelsieve::MemorySource source(labelsieve::LabelsView(labels_.data(), 10),
                                    labelsieve::MatrixView(p_.data(), 10, 2));
    return labelsieve::find_label_issues(source, options);
  }
  Mask mask(const FilterOptions& options) const { return find(options).mask; }

  std::vector<int> labels_ = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  std::vector<double> p_ = {0.9, 0.1, 0.9, 0.1, 0.8, 0.2, 0.45, 0.55, 0.05, 0.95,
                            0.1, 0.9, 0.1, 0.9, 0.2, 0.8, 0.55, 0.45, 0.95, 0.05};
};

TEST_F(TwoClasses, DefaultFlagsTheTwo) {
  const auto issues = find();
  EXPECT_EQ((Mask{0, 0, 0, 0, 1, 0, 0, 0, 0, 1}), issues.mask);
  EXPECT_EQ(2, issues.num_issues);
  EXPECT_EQ((std::vector<int64_t>{4, 1, 1, 4}), issues.joint.calibrated.to_dense());
  EXPECT_EQ(4, issues.joint.num_disagreeing);
}

TEST_F(TwoClasses, PredictedNeqGivenFlagsAllFour) {
  EXPECT_EQ((Mask{0, 0, 0, 1, 1, 0, 0, 0, 1, 1}),
            mask({.filter_by = FilterBy::kPredictedNeqGiven}));
}

TEST_F(TwoClasses, AnExampleWhoseLabelIsTheArgmaxIsNeverFlagged) {
  // The joint asks for all ten.
  const auto all = SparseMatrix<double>::from_dense(std::vector<double>{0, 5, 5, 0}, 2);
  EXPECT_EQ((Mask{0, 0, 0, 1, 1, 0, 0, 0, 1, 1}),
            mask({.min_examples_per_class = 0, .confident_joint = all}));
}

// One example of class 0 is to be pruned as truly of class 1. Example 0, which is of class 0 by its
// probabilities too, is nearer to class 1 than example 1, which looks like class 2: it takes the
// place, and nothing is flagged. Were it further from it, example 1 would be.
TEST(PruneByNoiseRate, ExamplesThatAgreeTakePlaces) {
  const std::vector<int> labels = {0, 0, 0, 1, 1, 2, 2};
  const auto joint =
      SparseMatrix<double>::from_dense(std::vector<double>{2, 1, 0, 0, 2, 0, 0, 0, 2}, 3);
  const auto mask_of = [&](double given, double next) {
    const std::vector<double> p = {
        given, next, 1 - given - next, 0.20, 0.15, 0.65, 1, 0, 0, 0, 1, 0, 0, 1, 0, 0, 0, 1, 0,
        0,     1};
    labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 7),
                                    labelsieve::MatrixView(p.data(), 7, 3));
    return labelsieve::find_label_issues(source, {.confident_joint = joint}).mask;
  };
  EXPECT_EQ(Mask(7), mask_of(0.50, 0.49));
  EXPECT_EQ(Mask(7), mask_of(0.50, 0.451));
  EXPECT_EQ((Mask{0, 1, 0, 0, 0, 0, 0}), mask_of(0.50, 0.449));
  EXPECT_EQ((Mask{0, 1, 0, 0, 0, 0, 0}), mask_of(0.60, 0.39));
}

TEST_F(TwoClasses, FracNoiseTruncates) {
  const auto four = SparseMatrix<double>::from_dense(std::vector<double>{3, 2, 2, 3}, 2);
  EXPECT_EQ((Mask{0, 0, 0, 1, 1, 0, 0, 0, 1, 1}), mask({.confident_joint = four}));
  EXPECT_EQ((Mask{0, 0, 0, 0, 1, 0, 0, 0, 0, 1}),
            mask({.frac_noise = 0.99, .confident_joint = four}));
  EXPECT_EQ(Mask(10), mask({.frac_noise = 0.49, .confident_joint = four}));
}

TEST_F(TwoClasses, SmallClassesStayWhole) {
  EXPECT_EQ(Mask(10), mask({.min_examples_per_class = 5}));
}

TEST_F(TwoClasses, NumToRemoveCountsByTheClassTheLabelShouldHave) {
  EXPECT_EQ((Mask{0, 0, 0, 0, 0, 0, 0, 0, 1, 1}), mask({.num_to_remove_per_class = {2, 0}}));
  EXPECT_EQ((Mask{0, 0, 0, 1, 1, 0, 0, 0, 0, 0}), mask({.num_to_remove_per_class = {0, 2}}));
}

TEST_F(TwoClasses, NumToRemoveInPruneByClassCountsByTheGivenClass) {
  EXPECT_EQ((Mask{0, 0, 0, 1, 1, 0, 0, 0, 0, 0}),
            mask({.filter_by = FilterBy::kPruneByClass, .num_to_remove_per_class = {2, 0}}));
}

TEST_F(TwoClasses, RefusesOptionsThatMakeNoSense) {
  const auto refuse = [&](const std::string& part, const FilterOptions& options) {
    expect_error(ErrorCode::kInvalidArgument, part, [&] { find(options); });
  };
  refuse("frac_noise", {.frac_noise = -0.1});
  refuse("frac_noise", {.frac_noise = 1.1});
  refuse("min_examples_per_class", {.min_examples_per_class = -1});
  refuse("num_to_remove_per_class", {.num_to_remove_per_class = {1, 2, 3}});
  refuse("num_to_remove_per_class", {.num_to_remove_per_class = {-1}});
  refuse("num_to_remove_per_class",
         {.filter_by = FilterBy::kPredictedNeqGiven, .num_to_remove_per_class = {1}});
  refuse("joint", {.confident_joint = SparseMatrix<double>::from_dense(std::vector<double>{1}, 1)});
  refuse("joint", {.confident_joint =
                       SparseMatrix<double>::from_dense(std::vector<double>{1, -1, 0, 1}, 2)});
  refuse("thresholds", {.thresholds = {0.5}});
}

TEST(Filter, AClassWithASingleExampleIsNotPruned) {
  const std::vector<int> labels = {0, 0, 0, 1};
  const std::vector<double> p = {0.9, 0.1, 0.9, 0.1, 0.9, 0.1, 0.9, 0.1};
  const auto joint = SparseMatrix<double>::from_dense(std::vector<double>{3, 0, 1, 0}, 2);
  for (const FilterBy filter_by :
       {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass, FilterBy::kBoth}) {
    labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 4),
                                    labelsieve::MatrixView(p.data(), 4, 2));
    EXPECT_EQ(Mask(4), labelsieve::find_label_issues(source, {.filter_by = filter_by,
                                                              .min_examples_per_class = 0,
                                                              .confident_joint = joint})
                           .mask);
  }
}

TEST(Filter, TiesGoToTheLowerIndex) {
  // Six equal suspects, room for two.
  const std::vector<int> labels = {0, 0, 0, 0, 0, 0, 0, 0};
  std::vector<double> p = {0.9, 0.1, 0.9, 0.1};
  for (int i = 0; i < 6; ++i) p.insert(p.end(), {0.25, 0.75});
  const auto joint = SparseMatrix<double>::from_dense(std::vector<double>{6, 2, 0, 0}, 2);
  for (const FilterBy filter_by :
       {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass, FilterBy::kBoth}) {
    labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 8),
                                    labelsieve::MatrixView(p.data(), 8, 2));
    EXPECT_EQ(
        (Mask{0, 0, 1, 1, 0, 0, 0, 0}),
        labelsieve::find_label_issues(source, {.filter_by = filter_by, .confident_joint = joint})
            .mask);
  }
}

TEST(Filter, IgnoredExamplesKeepTheirIndexAndAreNeverFlagged) {
  const test_support::Data data = test_support::make_data(test_support::Kind::kNoisy, 500, 4, 11);
  test_support::Data ignoring = data;
  std::vector<int64_t> kept;
  for (int64_t i = 0; i < data.size(); ++i) {
    if (i % 7 == 3) {
      ignoring.labels[static_cast<size_t>(i)] = -100;
      ignoring.pred_probs[static_cast<size_t>(i)][0] = 17;  // not looked at
    } else {
      kept.push_back(i);
    }
  }
  const test_support::Stored stored(ignoring);
  labelsieve::LabelsView labels = stored.labels.view();
  labels.ignore_label = -100;
  for (const FilterBy filter_by : {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass,
                                   FilterBy::kConfidentLearning, FilterBy::kPredictedNeqGiven,
                                   FilterBy::kLowSelfConfidence, FilterBy::kLowNormalizedMargin}) {
    labelsieve::MemorySource source(labels, stored.matrix.view());
    const auto issues = labelsieve::find_label_issues(source, {.filter_by = filter_by});
    const auto expected =
        reference::label_issues(test_support::selected(data, kept), {.filter_by = filter_by});
    Mask all(500);
    for (size_t i = 0; i < kept.size(); ++i) all[static_cast<size_t>(kept[i])] = expected[i];
    EXPECT_EQ(all, issues.mask) << static_cast<int>(filter_by);
    EXPECT_EQ(static_cast<int64_t>(kept.size()),
              std::accumulate(issues.joint.label_counts.begin(), issues.joint.label_counts.end(),
                              int64_t{0}));
  }
}

TEST(Filter, NamesTheFirstInvalidRowWhateverTheThreads) {
  test_support::Data data = test_support::make_data(test_support::Kind::kNoisy, 20000, 5, 3);
  for (const size_t row : {19000U, 12345U, 15000U}) data.pred_probs[row][2] = 2;
  const test_support::Stored stored(data);
  for (const int threads : {1, 2, 8}) {
    labelsieve::MemorySource source = stored.source();
    FilterOptions options;
    options.execution.num_threads = threads;
    const auto error =
        test_support::error_of([&] { labelsieve::find_label_issues(source, options); });
    ASSERT_TRUE(error);
    EXPECT_EQ(12345, error->location().row);
    EXPECT_EQ("2", error->location().column);
  }
}

TEST(Filter, RefusesASourceWithoutExamples) {
  const std::vector<int> labels;
  const std::vector<double> p;
  test_support::BlockSource empty(labelsieve::LabelsView(labels.data(), 0),
                                  labelsieve::MatrixView(p.data(), 0, 3), 5);
  expect_error(ErrorCode::kInvalidData, "no examples",
               [&] { labelsieve::find_label_issues(empty); });
}

}  // namespace
