// Label sets of every layout, and what is wrong with them or with the options.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "labelsieve/multilabel_classification.h"
#include "multilabel_data.h"
#include "support/errors.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::FilterBy;
using labelsieve::LabelSetsView;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::MultilabelMemorySource;
using test_support::expect_error;
using test_support::SetData;
using test_support::SetKind;
using test_support::StoredLabels;
using test_support::StoredSets;

constexpr labelsieve::IntType kIntTypes[] = {
    labelsieve::IntType::kInt8,   labelsieve::IntType::kInt16, labelsieve::IntType::kInt32,
    labelsieve::IntType::kInt64,  labelsieve::IntType::kUInt8, labelsieve::IntType::kUInt16,
    labelsieve::IntType::kUInt32, labelsieve::IntType::kUInt64};

std::vector<labelsieve::ClassIssue> wrong(const LabelSetsView& labels, const MatrixView& matrix) {
  MultilabelMemorySource source(labels, matrix);
  return labelsieve::find_multilabel_issues(source).wrong;
}

TEST(MultilabelSource, EveryWidthOrderAndStrideIsTheSame) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 40, 3, 2);
  const StoredSets stored(data);
  const auto expected = wrong(stored.ragged(), stored.pred_probs());
  ASSERT_FALSE(expected.empty());
  std::vector<int64_t> offsets{0};
  std::vector<int64_t> classes;
  std::vector<int64_t> elements;
  for (size_t i = 0; i < data.sets.size(); ++i) {
    // Descending, and the first class twice: the same set.
    classes.insert(classes.end(), data.sets[i].rbegin(), data.sets[i].rend());
    if (!data.sets[i].empty()) classes.push_back(data.sets[i].front());
    offsets.push_back(static_cast<int64_t>(classes.size()));
    for (int32_t k = 0; k < 3; ++k) elements.push_back(data.has(i, k) ? 1 : 0);
  }
  for (const auto type : kIntTypes) {
    for (const int64_t stride : {1, 3}) {
      for (const bool swapped : {false, true}) {
        const StoredLabels stored_offsets(offsets, type, stride, swapped);
        const StoredLabels stored_classes(classes, type, stride, swapped);
        const StoredLabels stored_elements(elements, type, stride, swapped);
        EXPECT_EQ(expected, wrong(LabelSetsView::sets(stored_offsets.view(), stored_classes.view()),
                                  stored.pred_probs()));
        const LabelsView all = stored_elements.view();
        EXPECT_EQ(expected,
                  wrong(LabelSetsView::matrix(all.slice(0, 3), data.size(), 3 * all.stride),
                        stored.pred_probs()));
      }
    }
  }
}

TEST(MultilabelSource, ColumnMajorLabelMatrix) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 60, 4, 2);
  const StoredSets stored(data);
  std::vector<int16_t> elements(60 * 4);
  for (size_t i = 0; i < 60; ++i) {
    for (int32_t k = 0; k < 4; ++k) {
      elements[static_cast<size_t>(k) * 60 + i] = data.has(i, k) ? 1 : 0;
    }
  }
  LabelsView first_row(elements.data(), 4);
  first_row.stride = 60 * 2;
  EXPECT_EQ(wrong(stored.ragged(), stored.pred_probs()),
            wrong(LabelSetsView::matrix(first_row, 60, 2), stored.pred_probs()));
}

/// What finding says of label sets with three classes and fair probabilities.
void expect_refused(const std::string& part, const std::vector<int64_t>& offsets,
                    const std::vector<int64_t>& classes) {
  const auto rows = static_cast<int64_t>(offsets.size()) - 1;
  const std::vector<float> probabilities(static_cast<size_t>(3 * rows), 0.25F);
  expect_error(ErrorCode::kInvalidData, part, [&] {
    wrong(LabelSetsView::sets(LabelsView(std::span(offsets)), LabelsView(std::span(classes))),
          {probabilities.data(), rows, 3});
  });
}

TEST(MultilabelSource, RefusesInvalidSetsWithTheirRow) {
  expect_refused("row 1: class 3 is not among the classes 0..2", {0, 1, 2}, {0, 3});
  expect_refused("row 0: class -1 is not among", {0, 1, 2}, {-1, 0});
  expect_refused("row 1: the label set goes from offset 2 to 1", {0, 2, 1}, {0, 1});
  expect_refused("row 1: the label set goes from offset 1 to 9, but there are 2", {0, 1, 9},
                 {0, 1});
  expect_refused("row 0: the label set goes from offset -1", {-1, 1, 2}, {0, 1});
}

TEST(MultilabelSource, RefusesOtherThanZeroAndOne) {
  const std::vector<int32_t> elements{0, 1, 1, 1, 2, 0};
  const std::vector<double> probabilities(6, 0.5);
  expect_error(ErrorCode::kInvalidData, "row 1, column 1: 2 stands in the label matrix", [&] {
    wrong(LabelSetsView::matrix(elements.data(), 2, 3), {probabilities.data(), 2, 3});
  });
}

TEST(MultilabelSource, RefusesSizesThatDoNotFit) {
  const std::vector<uint8_t> elements(6);
  const std::vector<double> probabilities(6, 0.5);
  const auto refused = [&](const std::string& part, int64_t rows, int64_t columns,
                           const MatrixView& matrix) {
    expect_error(ErrorCode::kInvalidData, part,
                 [&] { wrong(LabelSetsView::matrix(elements.data(), rows, columns), matrix); });
  };
  refused("2 label sets and 3 rows", 2, 3, {probabilities.data(), 3, 2});
  refused("the label matrix has 3 columns, the probabilities 2", 2, 3,
          {probabilities.data(), 2, 2});
  refused("no examples", 0, 3, {probabilities.data(), 0, 3});
  refused("no columns", 2, 0, {probabilities.data(), 2, 0});
}

TEST(MultilabelSource, RefusesInvalidProbabilitiesWithRowAndColumn) {
  const SetData data = test_support::make_sets(SetKind::kNoisySets, 300, 20, 2);
  for (const auto& [value, part] : std::vector<std::pair<double, std::string>>{
           {std::nan(""), "NaN"}, {1.5, "apply a sigmoid first"}, {-0.1, "-0.1"}}) {
    SetData broken = data;
    broken.pred_probs[299][17] = value;
    const StoredSets stored(broken);
    auto source = stored.source();
    expect_error(ErrorCode::kInvalidData, "row 299, column 17",
                 [&] { labelsieve::find_multilabel_issues(source); });
    expect_error(ErrorCode::kInvalidData, part,
                 [&] { labelsieve::multilabel_quality_scores(source); });
    expect_error(ErrorCode::kInvalidData, part, [&] {
      labelsieve::multilabel_quality_scores(
          source, {.adjust_pred_probs = true, .thresholds = {20, {0.5, 0.5}}});
    });
  }
}

TEST(MultilabelSource, RefusesOptionsThatDoNotFit) {
  const StoredSets stored(test_support::make_sets(SetKind::kNoisySets, 50, 3, 2));
  auto source = stored.source();
  const auto refused = [&](const std::string& part,
                           const labelsieve::MultilabelFilterOptions& options) {
    expect_error(ErrorCode::kInvalidArgument, part,
                 [&] { labelsieve::find_multilabel_issues(source, options); });
  };
  refused("frac_noise", {.frac_noise = 1.5});
  refused("num_to_remove_per_class has 2 numbers for 3 classes",
          {.num_to_remove_per_class = {1, 2}});
  refused("not supported by this filter",
          {.filter_by = FilterBy::kConfidentLearning, .num_to_remove_per_class = {1}});
  refused("the confident joint has 1 classes, the probabilities 3",
          {.confident_joint = {{{{1, 0}, {0, 1}}}}});
  refused("class 2 holds a value that is negative",
          {.confident_joint = {{{{1, 0}, {0, 1}}}, {{{1, 0}, {0, 1}}}, {{{1, -1}, {0, 1}}}}});
  refused("1 pairs of thresholds were given for 3 classes", {.thresholds = {{0.5, 0.5}}});
  expect_error(ErrorCode::kInvalidArgument, "adjust_pred_probs is not defined", [&] {
    labelsieve::multilabel_quality_scores(
        source,
        {.method = labelsieve::Method::kConfidenceWeightedEntropy, .adjust_pred_probs = true});
  });
  std::vector<double> room(149);
  expect_error(ErrorCode::kInvalidArgument, "room for 149 scores",
               [&] { labelsieve::multilabel_quality_scores_per_class(source, {}, room); });
  labelsieve::MultilabelIssues others;
  others.mask.resize(7);
  others.offsets.resize(8);
  expect_error(ErrorCode::kInvalidArgument, "issues of 7 examples",
               [&] { labelsieve::rank_multilabel_issues(source, others); });
}

}  // namespace
