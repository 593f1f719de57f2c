// Scores of sentences from those of their tokens.
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "labelsieve/token_classification.h"
#include "reference/compare.h"
#include "support/errors.h"
#include "support/options.h"
#include "tasks/corpus.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::pooled_score;
using labelsieve::SentenceMethod;
using labelsieve::Sentences;
using labelsieve::SentenceScoreOptions;
using test_support::expect_error;
using Scores = std::vector<double>;

using test_support::kNan;
constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr SentenceMethod kSentenceMethods[] = {
    SentenceMethod::kMin, SentenceMethod::kSoftmin, SentenceMethod::kMean,
    SentenceMethod::kBadTokenFraction, SentenceMethod::kExpectedErrors};

/// docs/definitions.md §4 word for word.
double naive(const Scores& scores, const SentenceScoreOptions& options) {
  Scores s;
  for (const double score : scores) {
    if (!std::isnan(score)) s.push_back(score);
  }
  if (s.empty()) return options.method == SentenceMethod::kExpectedErrors ? 0 : 1;
  const double n = static_cast<double>(s.size());
  double numerator = 0;
  double denominator = 0;
  double sum = 0;
  double bad = 0;
  for (const double score : s) {
    const double weight = std::exp(-score / options.temperature);
    numerator += score * weight;
    denominator += weight;
    sum += score;
    bad += score < options.threshold ? 1 : 0;
  }
  switch (options.method) {
    case SentenceMethod::kMin: return *std::min_element(s.begin(), s.end());
    case SentenceMethod::kSoftmin: return numerator / denominator;
    case SentenceMethod::kMean: return sum / n;
    case SentenceMethod::kBadTokenFraction: return 1 - bad / n;
    default: return n - sum;
  }
}

TEST(SentenceScores, EqualTheNaiveOnes) {
  std::mt19937_64 random(5);
  const auto offsets = labelsieve::offsets_from_lengths(tasks_test::random_lengths(5000, 5));
  Scores tokens(5000);
  for (double& score : tokens) {
    score = static_cast<double>(random() % 1001) / 1000;
    if (random() % 10 == 0) score = kNan;
  }
  const Sentences sentences(offsets);
  for (const SentenceMethod method : kSentenceMethods) {
    SentenceScoreOptions options{.method = method, .temperature = 0.3, .threshold = 0.4};
    Scores expected;
    for (int64_t s = 0; s < sentences.size(); ++s) {
      expected.push_back(naive(
          Scores(tokens.begin() + sentences.start(s), tokens.begin() + sentences.end(s)), options));
    }
    for (const int threads : {1, 3}) {
      options.execution.num_threads = threads;
      const Scores actual = sentence_scores(tokens, sentences, options);
      EXPECT_TRUE(reference::near(expected, actual, 1e-12));
    }
  }
}

// The reference's own examples.
TEST(SentenceScores, SoftminOfTheReference) {
  const SentenceScoreOptions softmin{.method = SentenceMethod::kSoftmin};
  EXPECT_NEAR(6.00741787e-01, pooled_score(Scores{0.9, 0.6}, softmin), 1e-9);
  EXPECT_NEAR(1.80056239e-07, pooled_score(Scores{0.0, 0.8, 0.8}, softmin), 1e-14);
  EXPECT_NEAR(0.8, pooled_score(Scores{0.8}, softmin), 1e-15);
}

TEST(SentenceScores, TheLimitsOfSoftmin) {
  const Scores scores = {0.5, 0.25, 0.75};
  SentenceScoreOptions options{.method = SentenceMethod::kSoftmin, .temperature = 0};
  EXPECT_EQ(0.25, pooled_score(scores, options));
  options.temperature = 1e-300;
  EXPECT_EQ(0.25, pooled_score(scores, options));
  options.temperature = kInfinity;
  EXPECT_EQ(0.5, pooled_score(scores, options));
  options.temperature = -1;
  expect_error(ErrorCode::kInvalidArgument, "temperature", [&] { pooled_score(scores, options); });
  options.temperature = kNan;
  expect_error(ErrorCode::kInvalidArgument, "temperature", [&] { pooled_score(scores, options); });
}

TEST(SentenceScores, NothingIsFine) {
  for (const SentenceMethod method : kSentenceMethods) {
    const double expected = method == SentenceMethod::kExpectedErrors ? 0 : 1;
    EXPECT_EQ(expected, pooled_score({}, {.method = method}));
    EXPECT_EQ(expected, pooled_score(Scores{kNan, kNan}, {.method = method}));
  }
}

TEST(SentenceScores, OneScorePerToken) {
  const std::vector<int64_t> offsets = {0, 2};
  const Scores scores = {0.5};
  expect_error(ErrorCode::kInvalidArgument, "1 scores for 2 tokens",
               [&] { sentence_scores(scores, Sentences(offsets)); });
}

TEST(SentenceScores, OrderPutsTheWorstFirst) {
  const Scores scores = {0.5, 0.1, 0.5, 2.0};
  EXPECT_EQ((std::vector<int64_t>{1, 0, 2, 3}), order_sentences(scores, SentenceMethod::kMin));
  EXPECT_EQ((std::vector<int64_t>{3, 0, 2}),
            order_sentences(scores, SentenceMethod::kExpectedErrors, 3));
}

// The reference's own examples again.
TEST(SentenceScores, IssuesBelowAThreshold) {
  const Scores scores = {0.1, 0.3, 0.6, 0.2, 0.05, 0.9, 0.8, 0.0125, 0.5, 0.6};
  EXPECT_EQ((std::vector<int64_t>{7, 4}), labelsieve::sentences_below(scores));
  EXPECT_EQ((std::vector<int64_t>{7, 4, 0, 3, 1}), labelsieve::sentences_below(scores, 0.5));
  const Scores tokens = {0.9, 0.6, 0.0, 0.8, kNan, 0.02, 0.3, 0.02};
  const std::vector<int64_t> offsets = {0, 2, 5, 5, 8};
  const std::vector<labelsieve::TokenPosition> expected = {{1, 0}, {3, 0}, {3, 2}};
  EXPECT_EQ(expected, labelsieve::tokens_below(tokens, Sentences(offsets)));
}

}  // namespace
