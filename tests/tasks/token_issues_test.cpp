// Wrong labels of tokens: the filters of classification on flattened tokens, by sentence and place.
#include <gtest/gtest.h>

#include <cmath>

#include "labelsieve/token_classification.h"
#include "reference/compare.h"
#include "support/errors.h"
#include "support/options.h"
#include "tasks/corpus.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::FilterBy;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::MemorySource;
using labelsieve::Method;
using labelsieve::Sentences;
using labelsieve::TokenIssue;
using labelsieve::TokenIssues;
using labelsieve::TokenPosition;
using tasks_test::Corpus;
using tasks_test::Kind;
using test_support::expect_error;

/// Flagged flattened tokens by ascending score, ties to the lower index.
std::vector<int64_t> naive_ranking(const std::vector<uint8_t>& mask,
                                   const std::vector<double>& scores) {
  std::vector<int64_t> ranking;
  for (const int64_t i : reference::ascending(scores)) {
    if (mask[static_cast<size_t>(i)] != 0) ranking.push_back(i);
  }
  return ranking;
}

TEST(TokenIssues, EveryFilterAndScoreAsTheOracle) {
  for (const Kind kind : {Kind::kNoisy, Kind::kTied, Kind::kImbalanced}) {
    const Corpus corpus = tasks_test::make_corpus(kind, 800, 5, 11);
    const test_support::Stored stored(corpus.data);
    for (const FilterBy filter_by : test_support::kAllFilters) {
      const auto expected = reference::label_issues(corpus.data, {.filter_by = filter_by});
      for (const Method method : test_support::kAllMethods) {
        auto source = stored.source();
        const TokenIssues found = find_token_issues(source, corpus.sentences(),
                                                    {.filter_by = filter_by}, {.method = method});
        EXPECT_TRUE(reference::same_mask(expected, found.found.mask));
        const auto places = find_token_positions(source, corpus.sentences(),
                                                 {.filter_by = filter_by}, {.method = method});
        EXPECT_EQ(found.found.mask, places.found.mask);
        ASSERT_EQ(found.issues.size(), places.positions.size());
        for (size_t r = 0; r < found.issues.size(); ++r) {
          EXPECT_EQ(corpus.sentences().index(found.issues[r].position),
                    corpus.sentences().index(places.positions[r]));
        }
        const auto ranking = naive_ranking(expected, reference::scores(corpus.data, method));
        ASSERT_EQ(ranking.size(), found.issues.size());
        for (size_t r = 0; r < ranking.size(); ++r) {
          const TokenIssue& issue = found.issues[r];
          if (method != Method::kConfidenceWeightedEntropy) {  // whose last digit may break ties
            EXPECT_EQ(ranking[r], issue.example.index) << r;
          }
          EXPECT_EQ(issue.example.index, corpus.sentences().index(issue.position));
          EXPECT_LT(issue.position.token, corpus.sentences().length(issue.position.sentence));
        }
      }
    }
  }
}

// Nothing can be wrong where there is one class only (definitions.md §1: K = 1 is our extension).
TEST(TokenIssues, OneClassHasNoIssues) {
  const std::vector<int32_t> labels(6);
  const std::vector<float> pred_probs = {1, 1, 0.25F, 1, 0.5F, 1};
  const std::vector<int64_t> offsets = {0, 2, 2, 6};
  const Sentences sentences(offsets);
  MemorySource source(LabelsView(labels.data(), 6), MatrixView(pred_probs.data(), 6, 1));
  for (const FilterBy filter_by : test_support::kAllFilters) {
    const TokenIssues found = find_token_issues(source, sentences, {.filter_by = filter_by});
    EXPECT_EQ(found.found.num_issues, 0);
    EXPECT_TRUE(found.issues.empty());
  }
  const auto scores = label_quality_scores(source, {.method = Method::kSelfConfidence});
  EXPECT_EQ(sentence_scores(scores, sentences), (std::vector<double>{1, 1, 0.25}));
}

// Ten tokens in three sentences, one of them empty; 4 and 9 are wrong.
class TwoClasses : public testing::Test {
 protected:
  MemorySource source() const {
    LabelsView labels(labels_.data(), 10);
    labels.ignore_label = -100;
    return {labels, MatrixView(p_.data(), 10, 2)};
  }
  Sentences sentences() const { return Sentences(offsets_); }

  std::vector<int64_t> offsets_ = {0, 3, 3, 10};
  std::vector<int> labels_ = {0, 0, 0, 0, 0, 1, 1, 1, 1, 1};
  std::vector<double> p_ = {0.9, 0.1, 0.9, 0.1, 0.8, 0.2, 0.45, 0.55, 0.05, 0.95,
                            0.1, 0.9, 0.1, 0.9, 0.2, 0.8, 0.55, 0.45, 0.95, 0.05};
};

TEST_F(TwoClasses, AreFoundInTheirSentence) {
  auto tokens = source();
  const TokenIssues found = find_token_issues(tokens, sentences());
  ASSERT_EQ(2U, found.issues.size());
  EXPECT_EQ((TokenPosition{2, 1}), found.issues[0].position);
  EXPECT_EQ(0, found.issues[0].example.given_label);
  EXPECT_EQ(1, found.issues[0].example.suggested_label);
  EXPECT_DOUBLE_EQ(0.05, found.issues[0].example.label_quality);
  EXPECT_EQ((TokenPosition{2, 6}), found.issues[1].position);
}

TEST_F(TwoClasses, IgnoredTokensKeepTheirPlace) {
  labels_[4] = -100;
  p_[8] = std::nan("");  // not looked at
  auto tokens = source();
  const TokenIssues found = find_token_issues(tokens, sentences());
  ASSERT_EQ(1U, found.issues.size());
  EXPECT_EQ((TokenPosition{2, 6}), found.issues[0].position);
  EXPECT_EQ(0, found.found.mask[4]);
  const auto scores = labelsieve::label_quality_scores(tokens);
  EXPECT_TRUE(std::isnan(scores[4]));
}

TEST_F(TwoClasses, NothingButIgnoredTokensHasNoIssues) {
  for (int& label : labels_) label = -100;
  for (const FilterBy filter_by : test_support::kAllFilters) {
    auto tokens = source();
    EXPECT_TRUE(find_token_issues(tokens, sentences(), {.filter_by = filter_by}).issues.empty());
  }
}

TEST_F(TwoClasses, ErrorsNameSentenceAndToken) {
  p_[9] = 1.5;
  auto tokens = source();
  expect_error(ErrorCode::kInvalidData, "(sentence 2, token 1)",
               [&] { find_token_issues(tokens, sentences()); });
  p_[9] = 0.95;
  labels_[1] = 2;
  expect_error(ErrorCode::kInvalidData, "(sentence 0, token 1)",
               [&] { find_token_issues(tokens, sentences()); });
}

TEST_F(TwoClasses, SentencesHaveToAddUp) {
  offsets_.back() = 9;
  auto tokens = source();
  expect_error(ErrorCode::kInvalidArgument, "9 tokens together, there are 10",
               [&] { find_token_issues(tokens, sentences()); });
  // A source that does not say how many there are is found out later.
  LabelsView labels(labels_.data(), 10);
  test_support::BlockSource blocks(labels, MatrixView(p_.data(), 10, 2), 3);
  expect_error(ErrorCode::kInvalidArgument, "9 tokens together, there are 10",
               [&] { find_token_issues(blocks, sentences()); });
}

}  // namespace
