// Every class is a problem with two classes: the engine for classification on [1 - p, p], and the
// naive oracle, must say exactly the same.
#include <gtest/gtest.h>

#include "labelsieve/multilabel_classification.h"
#include "multilabel_data.h"
#include "reference/compare.h"
#include "support/options.h"

namespace {

using labelsieve::Collision;
using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::Method;
using test_support::Data;
using test_support::SetData;
using test_support::SetKind;
using test_support::Stored;
using test_support::StoredSets;

/// A kind of data, a number of classes, a type of numbers.
using Case = std::tuple<SetKind, int, FloatType>;

SetData make_case(const Case& chosen) {
  const auto [kind, classes, type] = chosen;
  return test_support::make_sets(kind, classes > 20 ? 150 : 300, classes,
                                 static_cast<uint64_t>(100 + classes), type);
}

class MultilabelBinary : public testing::TestWithParam<Case> {
 protected:
  const SetData data_ = make_case(GetParam());
  const StoredSets stored_{data_};
};

TEST_P(MultilabelBinary, JointsAreThoseOfTheBinaryProblems) {
  auto source = stored_.source();
  const auto joint = labelsieve::multilabel_confident_joint(source);
  const auto estimated = labelsieve::estimate_multilabel_joint(joint.calibrated);
  EXPECT_EQ(data_.size(), joint.num_examples);
  for (int64_t k = 0; k < data_.num_classes; ++k) {
    SCOPED_TRACE(k);
    const Stored binary(test_support::binary_problem(data_, k));
    for (const Collision collision : {Collision::kRowArgmax, Collision::kConfidentArgmax}) {
      auto binary_source = binary.source();
      const auto expected = labelsieve::confident_joint(binary_source, {.collision = collision});
      const auto at = static_cast<size_t>(k);
      EXPECT_EQ(expected.thresholds[0], joint.thresholds[at][0]);  // to the last bit
      EXPECT_EQ(expected.thresholds[1], joint.thresholds[at][1]);
      EXPECT_EQ(expected.num_off_diagonal, joint.num_off_diagonal[at]);
      EXPECT_EQ(expected.num_disagreeing, joint.num_disagreeing[at]);
      const auto expected_joint = labelsieve::estimate_joint(expected.calibrated);
      for (size_t y = 0; y < 2; ++y) {
        EXPECT_EQ(expected.label_counts[y], joint.label_counts[at][y]);
        for (size_t t = 0; t < 2; ++t) {
          const auto row = static_cast<int64_t>(y);
          const auto column = static_cast<int64_t>(t);
          EXPECT_EQ(expected.counts.at(row, column), joint.counts[at][y][t]);
          EXPECT_EQ(expected.calibrated.at(row, column), joint.calibrated[at][y][t]);
          EXPECT_EQ(expected_joint.at(row, column), estimated[at][y][t]);
        }
      }
    }
  }
}

/// The issues per class with these options, beside the engine and the oracle class by class.
void expect_same_issues(const SetData& data, labelsieve::MultilabelFilterOptions options) {
  const StoredSets stored(data);
  auto source = stored.source();
  const auto found = labelsieve::find_multilabel_issues_per_class(source, options);
  const auto mask = found.per_class_mask();
  for (int64_t k = 0; k < data.num_classes; ++k) {
    SCOPED_TRACE("class " + std::to_string(k));
    const auto at = static_cast<size_t>(k);
    const Data binary = test_support::binary_problem(data, k);
    labelsieve::FilterOptions expected_options;
    expected_options.filter_by = options.filter_by;
    expected_options.frac_noise = options.frac_noise;
    expected_options.min_examples_per_class = options.min_examples_per_class;
    const auto& removed = options.num_to_remove_per_class;
    if (!removed.empty()) {
      expected_options.num_to_remove_per_class = {removed[removed.size() == 1 ? 0 : at], 0};
    }
    if (!options.thresholds.empty()) {
      expected_options.thresholds = {options.thresholds[at][0], options.thresholds[at][1]};
    }
    reference::FilterChoice choice{options.filter_by,
                                   options.frac_noise,
                                   options.min_examples_per_class,
                                   expected_options.num_to_remove_per_class,
                                   Collision::kRowArgmax,
                                   {},
                                   expected_options.thresholds};
    if (!options.confident_joint.empty()) {
      const auto& joint = options.confident_joint[at];
      const std::vector<double> dense{joint[0][0], joint[0][1], joint[1][0], joint[1][1]};
      expected_options.confident_joint = labelsieve::SparseMatrix<double>::from_dense(dense, 2);
      choice.joint = reference::Table{{dense[0], dense[1]}, {dense[2], dense[3]}};
    }
    const Stored stored_binary(binary);
    auto binary_source = stored_binary.source();
    const auto expected = labelsieve::find_label_issues(binary_source, expected_options).mask;
    std::vector<uint8_t> actual;
    for (size_t i = 0; i < data.sets.size(); ++i) {
      actual.push_back(mask[i * static_cast<size_t>(data.num_classes) + at]);
    }
    EXPECT_TRUE(reference::same_mask(expected, actual));
    EXPECT_TRUE(reference::same_mask(reference::label_issues(binary, choice), actual));
  }
}

TEST_P(MultilabelBinary, IssuesAreThoseOfTheBinaryProblems) {
  for (const FilterBy filter_by : test_support::kAllFilters) {
    SCOPED_TRACE(static_cast<int>(filter_by));
    expect_same_issues(data_, {.filter_by = filter_by});
  }
}

TEST_P(MultilabelBinary, OptionsAreThoseOfTheBinaryProblems) {
  const auto classes = static_cast<size_t>(data_.num_classes);
  for (const FilterBy filter_by :
       {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass, FilterBy::kBoth}) {
    SCOPED_TRACE(static_cast<int>(filter_by));
    expect_same_issues(data_, {.filter_by = filter_by, .frac_noise = 0.4});
    expect_same_issues(data_, {.filter_by = filter_by, .min_examples_per_class = 90});
    expect_same_issues(data_, {.filter_by = filter_by, .num_to_remove_per_class = {7}});
    std::vector<int64_t> removed;
    std::vector<labelsieve::BinaryMatrix<double>> joint;
    for (size_t k = 0; k < classes; ++k) {
      const auto shift = static_cast<double>(k);
      removed.push_back(static_cast<int64_t>(3 * k));
      joint.push_back({{{200.5 - shift, 30 + shift}, {shift * 5, 60}}});
    }
    expect_same_issues(data_, {.filter_by = filter_by, .num_to_remove_per_class = removed});
    expect_same_issues(data_, {.filter_by = filter_by, .confident_joint = joint});
  }
  labelsieve::MultilabelFilterOptions options{.filter_by = FilterBy::kConfidentLearning};
  options.thresholds.assign(classes, {0.6, 0.3});
  expect_same_issues(data_, options);
}

TEST_P(MultilabelBinary, ScoresAreThoseOfTheBinaryProblems) {
  for (const Method method : test_support::kAllMethods) {
    for (const bool adjust : {false, true}) {
      if (adjust && method == Method::kConfidenceWeightedEntropy) continue;
      auto source = stored_.source();
      const auto scores = labelsieve::multilabel_quality_scores_per_class(
          source, {.method = method, .adjust_pred_probs = adjust});
      for (int64_t k = 0; k < data_.num_classes; ++k) {
        const Stored binary(test_support::binary_problem(data_, k));
        auto binary_source = binary.source();
        const auto expected = labelsieve::label_quality_scores(
            binary_source, {.method = method, .adjust_pred_probs = adjust});
        for (size_t i = 0; i < expected.size(); ++i) {
          ASSERT_EQ(expected[i],
                    scores[i * static_cast<size_t>(data_.num_classes) + static_cast<size_t>(k)])
              << "method " << static_cast<int>(method) << ", example " << i << ", class " << k;
        }
      }
    }
  }
}

std::string case_name(const testing::TestParamInfo<Case>& info) {
  const auto [kind, classes, type] = info.param;
  return test_support::name(kind) + "_K" + std::to_string(classes) + "_" + test_support::name(type);
}

INSTANTIATE_TEST_SUITE_P(Data, MultilabelBinary,
                         testing::Combine(testing::ValuesIn(test_support::kAllSetKinds),
                                          testing::Values(1, 5, 20, 67),
                                          testing::ValuesIn(reference::kAllFloatTypes)),
                         case_name);

}  // namespace
