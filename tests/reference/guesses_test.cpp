// What single rows say, against the oracle: whole, in blocks, on several threads.
#include <gtest/gtest.h>

#include <cmath>
#include <numeric>
#include <utility>

#include "labelsieve/guesses.h"
#include "labelsieve/rank.h"
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

TEST_P(Guesses, ScoringAndCountingAtOnceIsBoth) {
  using labelsieve::Method;
  for (const labelsieve::FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Stored stored(data);
    const reference::Vector thresholds = reference::thresholds(data);
    for (const auto& [method, adjusts] :
         {std::pair(Method::kSelfConfidence, false), std::pair(Method::kSelfConfidence, true),
          std::pair(Method::kNormalizedMargin, false)}) {
      const labelsieve::ScoreOptions options{
          .method = method, .adjust_pred_probs = adjusts, .thresholds = thresholds};
      labelsieve::MemorySource source = stored.source();
      test_support::BlockSource blocks = stored.blocks(11);
      std::vector<double> scores(data.labels.size());
      const labelsieve::ArgmaxCounts counts =
          labelsieve::score_and_count(blocks, thresholds, options, scores);
      EXPECT_EQ(labelsieve::label_quality_scores(source, options), scores);
      const labelsieve::ArgmaxCounts alone = labelsieve::count_confident_argmax(source, thresholds);
      EXPECT_EQ(alone.examples, counts.examples);
      EXPECT_EQ(alone.confident, counts.confident);
      EXPECT_EQ(alone.disagreeing, counts.disagreeing);
    }
  }
}

// The summaries of rows hold a class in 16 bits.
TEST(GuessesOfRows, AreCountedOfVeryManyClasses) {
  constexpr int64_t kClasses = 70'000;
  std::vector<float> p(3 * kClasses);
  p[69'999] = p[kClasses + 65'535] = 0.9F;
  p[2 * kClasses + 65'534] = 0.3F;
  const std::vector<int32_t> labels{69'999, 2, 65'534};
  labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 3),
                                  labelsieve::MatrixView(p.data(), 3, kClasses));
  const labelsieve::ArgmaxCounts counts =
      labelsieve::count_confident_argmax(source, std::vector<double>(kClasses, 0.5));
  EXPECT_EQ(1, counts.confident[69'999]);
  EXPECT_EQ(1, counts.disagreeing[2]);
  EXPECT_EQ(1, counts.examples[65'534]);
  EXPECT_EQ(0, counts.confident[65'534]);
  EXPECT_EQ(2, std::accumulate(counts.confident.begin(), counts.confident.end(), int64_t{0}));
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
  std::vector<double> scores(3);
  EXPECT_EQ((std::vector<int64_t>{1, 1}),
            labelsieve::score_and_count(source, thresholds, {}, scores).confident);
  EXPECT_EQ(0.9, scores[0]);
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_EQ(0.7, scores[2]);
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
  std::vector<double> scores(3);
  test_support::expect_error(kInvalid, "row 1", [&] {
    labelsieve::score_and_count(source, thresholds, {}, std::span(scores).first(2));
  });
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "room for 1 scores", [&] {
    labelsieve::score_and_count(source, thresholds, {}, std::span(scores).first(1));
  });
  test_support::expect_error(labelsieve::ErrorCode::kInvalidArgument, "one per class", [&] {
    (void)labelsieve::count_confident_argmax(source, std::vector<double>{0.5});
  });
}

}  // namespace
