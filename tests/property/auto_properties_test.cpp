// What must hold for the automatic method on every dataset.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <functional>

#include "labelsieve/ensemble.h"
#include "labelsieve/filter.h"
#include "labelsieve/multilabel_classification.h"
#include "property/any.h"
#include "reference/compare.h"
#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::Method;
using test_support::any_data;
using test_support::Data;
using test_support::Layout;
using test_support::Stored;

struct Answer {
  labelsieve::LabelIssues issues;
  std::vector<double> scores;

  friend bool operator==(const Answer& a, const Answer& b) {
    const auto& x = *a.issues.expected_errors;
    const auto& y = *b.issues.expected_errors;
    return a.issues.mask == b.issues.mask && a.scores == b.scores && x.expected == y.expected &&
           x.low == y.low && x.high == y.high &&
           a.issues.auto_model->temperature == b.issues.auto_model->temperature &&
           a.issues.auto_model->corrections == b.issues.auto_model->corrections;
  }
};

Answer answer(labelsieve::Source& source, const labelsieve::Execution& execution) {
  Answer result;
  result.issues =
      labelsieve::find_label_issues(source, {.filter_by = FilterBy::kAuto, .execution = execution});
  result.scores =
      labelsieve::label_quality_scores(source, {.method = Method::kAuto, .execution = execution});
  return result;
}

TEST(AutoProperty, SpeedParametersNeverChangeAnAnswer) {
  EXPECT_TRUE(rc::check([] {
    const Data data = any_data();
    const Stored plain(data);
    auto whole = plain.source();
    const Answer expected = answer(whole, {.num_threads = 1});
    const auto layout = *rc::gen::elementOf(std::vector<Layout>(
        std::begin(test_support::kAllLayouts), std::end(test_support::kAllLayouts)));
    const Stored stored(data, layout);
    auto blocks = stored.blocks(*rc::gen::inRange<int64_t>(1, 500));
    RC_ASSERT(answer(blocks, {.num_threads = *rc::gen::inRange(0, 9)}) == expected);
  }));
}

// Above the size from which a subsample is used: single precision, locks, many tiles.
TEST(AutoProperty, SpeedParametersNeverChangeALargeAnswer) {
  for (const auto& [examples, classes] : {std::pair{140000, 4}, std::pair{9000, 250}}) {
    const Stored stored(test_support::rounded_to(
        labelsieve::FloatType::kFloat32,
        test_support::make_data(test_support::Kind::kNoisy, examples, classes, 21)));
    auto whole = stored.source();
    const Answer expected = answer(whole, {.num_threads = 1});
    for (const int threads : {2, 5}) {
      auto blocks = stored.blocks(1777);
      EXPECT_TRUE(answer(blocks, {.num_threads = threads}) == expected);
    }
  }
}

TEST(AutoProperty, RankedIssuesCarryTheirRivals) {
  EXPECT_TRUE(rc::check([] {
    const Data data = any_data();
    const Stored stored(data);
    auto source = stored.source();
    const Answer found = answer(source, {});
    const auto ranked = labelsieve::rank_label_issues(
        source, found.issues.mask,
        {.method = Method::kAuto, .auto_model = found.issues.auto_model});
    RC_ASSERT(static_cast<int64_t>(ranked.size()) == found.issues.num_issues);
    for (const labelsieve::Example& example : ranked) {
      RC_ASSERT(example.suggested_label != example.given_label);
      RC_ASSERT(example.label_quality == found.scores[static_cast<size_t>(example.index)]);
      RC_ASSERT(example.label_quality <= 0.5);  // one half where the rival ties with the label
    }
  }));
}

// Examples that are ignored leave no trace in the answer for the others.
TEST(AutoProperty, IgnoredExamplesDoNotCount) {
  EXPECT_TRUE(rc::check([] {
    Data data = any_data();
    const Stored without(data);
    auto source = without.source();
    const Answer expected = answer(source, {});
    data.labels.push_back(-1);
    data.pred_probs.push_back(data.pred_probs.front());
    const Stored with(data);
    labelsieve::LabelsView labels = with.labels.view();
    labels.ignore_label = -1;
    labelsieve::MemorySource longer(labels, with.matrix.view());
    Answer found = answer(longer, {});
    RC_ASSERT(found.issues.mask.back() == 0);
    RC_ASSERT(std::isnan(found.scores.back()));
    found.issues.mask.pop_back();
    found.scores.pop_back();
    RC_ASSERT(found.issues.mask == expected.issues.mask);
    RC_ASSERT(reference::near(expected.scores, found.scores, 1e-9));
  }));
}

// The temperature is fitted to a sample, whose first bad example need not be the data's.
TEST(AutoErrors, NameTheFirstInvalidExample) {
  constexpr int kFirst = 70001;
  const Data good = test_support::make_data(test_support::Kind::kNoisy, 140000, 4, 21);
  Data bad_rows = good;
  Data bad_labels = good;
  for (size_t i = kFirst; i < good.labels.size(); ++i) {
    bad_rows.pred_probs[i][1] = 7;
    bad_labels.labels[i] = 9;
  }
  for (const Data& data : {bad_rows, bad_labels}) {
    const Stored stored(data);
    auto source = stored.source();
    for (const auto& look : std::vector<std::function<void()>>{
             [&] { find_label_issues(source, {.filter_by = FilterBy::kAuto}); },
             [&] { label_quality_scores(source, {.method = Method::kAuto}); }}) {
      const auto error = test_support::error_of(look);
      ASSERT_TRUE(error);
      EXPECT_EQ(kFirst, error->location().row) << error->what();
    }
  }
}

TEST(AutoOptions, ThatDoNotFitAreRefused) {
  const Stored two(test_support::make_data(test_support::Kind::kNoisy, 50, 2, 1));
  const Stored three(test_support::make_data(test_support::Kind::kNoisy, 50, 3, 1));
  auto source = two.source();
  auto other = three.source();
  const auto model = std::make_shared<const labelsieve::AutoModel>(fit_auto_model(other));
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "3 classes", [&] {
    label_quality_scores(source, {.method = Method::kAuto, .auto_model = model});
  });
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "not defined for auto", [&] {
    label_quality_scores(source, {.method = Method::kAuto, .adjust_pred_probs = true});
  });
  const std::vector<labelsieve::MatrixView> models = {two.matrix.view(), two.matrix.view()};
  const std::vector<double> weights = {1, 1};
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "ensemble", [&] {
    ensemble_label_quality_scores(two.labels.view(), models, weights,
                                  {.method = Method::kAuto, .auto_model = model});
  });
}

}  // namespace
