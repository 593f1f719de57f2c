// What single rows say, against the oracle: whole, in blocks, on several threads.
#include <gtest/gtest.h>

#include "labelsieve/guesses.h"
#include "reference/compare.h"
#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::Collision;
using labelsieve::ConfidentJointOptions;
using test_support::Data;
using test_support::Stored;

class Guesses : public testing::TestWithParam<reference::Case> {};
INSTANTIATE_TEST_SUITE_P(Data, Guesses, testing::ValuesIn(reference::all_cases()),
                         reference::case_name);

std::vector<int32_t> argmaxes(const Data& data) {
  std::vector<int32_t> found;
  for (const reference::Vector& row : data.pred_probs) {
    found.push_back(static_cast<int32_t>(reference::argmax(row)));
  }
  return found;
}

TEST_P(Guesses, PredictedLabelsAreTheArgmaxes) {
  for (const labelsieve::FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Stored stored(data);
    labelsieve::MemorySource source = stored.source();
    test_support::BlockSource blocks = stored.blocks(7);
    EXPECT_EQ(argmaxes(data), labelsieve::predicted_labels(source));
    EXPECT_EQ(argmaxes(data), labelsieve::predicted_labels(blocks, {.num_threads = 3}));
  }
}

TEST_P(Guesses, ConfidentGuessesEqualTheOracle) {
  for (const labelsieve::FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Stored stored(data);
    for (const Collision collision : {Collision::kRowArgmax, Collision::kConfidentArgmax}) {
      std::vector<int32_t> expected;
      for (const auto guess : reference::guesses(data, reference::thresholds(data), collision)) {
        expected.push_back(static_cast<int32_t>(guess.value_or(labelsieve::kNoGuess)));
      }
      labelsieve::MemorySource source = stored.source();
      test_support::BlockSource blocks = stored.blocks(5);
      EXPECT_EQ(expected, labelsieve::confident_guesses(source, {.collision = collision}));
      EXPECT_EQ(expected, labelsieve::confident_guesses(blocks, {.collision = collision}));
    }
  }
}

TEST_P(Guesses, ConfidentArgmaxesAreCountedByGivenClass) {
  const Data data = reference::make_case(GetParam());
  const Stored stored(data);
  const reference::Vector thresholds = reference::thresholds(data);
  const auto classes = static_cast<size_t>(data.num_classes);
  std::vector<int64_t> confident(classes);
  std::vector<int64_t> disagreeing(classes);
  for (size_t i = 0; i < data.labels.size(); ++i) {
    const auto best = static_cast<size_t>(reference::argmax(data.pred_probs[i]));
    if (data.pred_probs[i][best] < thresholds[best] - 1e-6) continue;
    const auto given = static_cast<size_t>(data.labels[i]);
    ++confident[given];
    disagreeing[given] += best != given;
  }
  labelsieve::MemorySource source = stored.source();
  test_support::BlockSource blocks = stored.blocks(11);
  for (labelsieve::Source* any :
       {static_cast<labelsieve::Source*>(&source), static_cast<labelsieve::Source*>(&blocks)}) {
    const labelsieve::ArgmaxCounts counts = labelsieve::count_confident_argmax(*any, thresholds);
    EXPECT_EQ(reference::label_counts(data), counts.examples);
    EXPECT_EQ(confident, counts.confident);
    EXPECT_EQ(disagreeing, counts.disagreeing);
  }
}

TEST(GuessesOfRows, LeaveIgnoredExamplesOut) {
  const std::vector<int64_t> labels{0, -100, 1};
  const std::vector<double> p{0.9, 0.1, 0.2, 0.8, 0.3, 0.7};
  labelsieve::LabelsView view(labels.data(), 3);
  view.ignore_label = -100;
  labelsieve::MemorySource source(view, labelsieve::MatrixView(p.data(), 3, 2));
  const std::vector<int32_t> expected{0, labelsieve::kNoGuess, 1};
  EXPECT_EQ(expected, labelsieve::predicted_labels(source));
  EXPECT_EQ(expected, labelsieve::confident_guesses(source));
  const std::vector<double> thresholds{0.5, 0.5};
  EXPECT_EQ((std::vector<int64_t>{1, 1}),
            labelsieve::count_confident_argmax(source, thresholds).examples);
}

TEST(GuessesOfRows, RefuseInvalidData) {
  const std::vector<int64_t> labels{0, 1};
  const std::vector<double> p{0.9, 0.1, 0.2, 1.8};
  labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 2),
                                  labelsieve::MatrixView(p.data(), 2, 2));
  const std::vector<double> thresholds{0.5, 0.5};
  constexpr auto kInvalid = labelsieve::ErrorCode::kInvalidData;
  test_support::expect_error(kInvalid, "row 1",
                             [&] { (void)labelsieve::predicted_labels(source); });
  test_support::expect_error(kInvalid, "row 1", [&] {
    (void)labelsieve::confident_guesses(source, ConfidentJointOptions{.thresholds = thresholds});
  });
  test_support::expect_error(kInvalid, "row 1",
                             [&] { (void)labelsieve::count_confident_argmax(source, thresholds); });
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "one per class", [&] {
    (void)labelsieve::count_confident_argmax(source, std::vector<double>{0.5});
  });
}

}  // namespace
