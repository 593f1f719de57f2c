// Words and pairs of labels that are wrong most often.
#include "labelsieve/common_issues.h"

#include <gtest/gtest.h>

#include "support/errors.h"

namespace {

using labelsieve::CommonIssues;
using labelsieve::ErrorCode;
using labelsieve::LabelPair;
using labelsieve::TokenIssue;
using test_support::expect_error;

TokenIssue issue(int64_t index, int32_t given, int32_t suggested) {
  TokenIssue made;
  made.position = {0, index};
  made.example.index = index;
  made.example.given_label = given;
  made.example.suggested_label = suggested;
  return made;
}

class CommonIssuesTest : public testing::Test {
 protected:
  std::vector<std::string_view> words_ = {"in", "Paris", "and", "paris", "Rome", "Paris", "in"};
  std::vector<int64_t> label_counts_ = {5, 2, 0};
  std::vector<TokenIssue> issues_ = {issue(4, 0, 1), issue(1, 0, 1), issue(5, 0, 2), issue(0, 1, 0),
                                     issue(3, 0, 1)};
};

TEST_F(CommonIssuesTest, MostOftenFirstThenByFirstIssue) {
  const CommonIssues common = common_issues(issues_, words_, label_counts_);
  ASSERT_EQ(4U, common.words.size());
  EXPECT_EQ("Paris", common.words[0].word);
  EXPECT_EQ(2, common.words[0].num_issues);
  EXPECT_EQ(2, common.words[0].num_tokens);
  EXPECT_EQ(1, common.words[0].rate);
  EXPECT_EQ("Rome", common.words[1].word);
  EXPECT_EQ("in", common.words[2].word);
  EXPECT_EQ(0.5, common.words[2].rate);
  EXPECT_EQ("paris", common.words[3].word);

  ASSERT_EQ(5U, common.word_pairs.size());
  EXPECT_EQ("Rome", common.word_pairs[0].word);  // all once
  EXPECT_EQ((LabelPair{0, 1}), common.word_pairs[1].labels);
  EXPECT_EQ((LabelPair{0, 2}), common.word_pairs[2].labels);

  ASSERT_EQ(3U, common.pairs.size());
  EXPECT_EQ((LabelPair{0, 1}), common.pairs[0].labels);
  EXPECT_EQ(3, common.pairs[0].num_issues);
  EXPECT_EQ(5, common.pairs[0].num_given);
  EXPECT_DOUBLE_EQ(0.6, common.pairs[0].rate);
  EXPECT_EQ((LabelPair{0, 2}), common.pairs[1].labels);
  EXPECT_EQ((LabelPair{1, 0}), common.pairs[2].labels);
}

TEST_F(CommonIssuesTest, ExcludedPairsDoNotCount) {
  const CommonIssues common =
      common_issues(issues_, words_, label_counts_, {.exclude = {{0, 1}}, .top = 1});
  ASSERT_EQ(1U, common.words.size());
  EXPECT_EQ("Paris", common.words[0].word);
  EXPECT_EQ(1, common.words[0].num_issues);
  ASSERT_EQ(1U, common.pairs.size());
  EXPECT_EQ((LabelPair{0, 2}), common.pairs[0].labels);
  const std::vector<LabelPair> pairs = {{0, 1}, {1, 0}};
  const auto rest = without_pairs(issues_, pairs);
  ASSERT_EQ(1U, rest.size());
  EXPECT_EQ(5, rest[0].example.index);
}

TEST_F(CommonIssuesTest, WithoutWordsOnlyPairs) {
  const CommonIssues common = common_issues(issues_, {}, label_counts_);
  EXPECT_TRUE(common.words.empty());
  EXPECT_TRUE(common.word_pairs.empty());
  EXPECT_EQ(3U, common.pairs.size());
}

TEST_F(CommonIssuesTest, IssuesOfOneWordWhateverItsCase) {
  const auto of_paris = issues_of_word(issues_, words_, "PARIS");
  ASSERT_EQ(3U, of_paris.size());
  EXPECT_EQ(1, of_paris[0].example.index);
  EXPECT_EQ(5, of_paris[1].example.index);
  EXPECT_EQ(3, of_paris[2].example.index);
  EXPECT_TRUE(issues_of_word(issues_, words_, "Par").empty());
}

TEST_F(CommonIssuesTest, RefusesWhatIsOutside) {
  issues_.push_back(issue(7, 0, 1));
  expect_error(ErrorCode::kInvalidArgument, "token 7",
               [&] { common_issues(issues_, words_, label_counts_); });
  issues_.back() = issue(1, 3, 1);
  expect_error(ErrorCode::kInvalidArgument, "label 3",
               [&] { common_issues(issues_, words_, label_counts_); });
}

}  // namespace
