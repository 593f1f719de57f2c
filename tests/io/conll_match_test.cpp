// Token files beside matrices of probabilities: classes, counts of rows, invalid ones.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <limits>

#include "io/io_files.h"
#include "labelsieve/read_tokens.h"
#include "labelsieve/token_classification.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

const char* const kText =
    "-DOCSTART- O\n\n"
    "Ada B-PER\nBell I-PER\nsaw O\n\n"
    "Rome B-LOC\n";

class ConllMatchTest : public testing::Test {
 protected:
  TokenReadOptions options(const std::string& probs, const std::string& text = kText) {
    TokenReadOptions options;
    options.input = dir_.write("train.conll", text);
    options.pred_probs = {dir_.write("probs.npy", probs)};
    return options;
  }
  static std::string error(const TokenReadOptions& options) {
    return message_of([&] { read_tokens(options); });
  }
  /// `rows` rows, each certain of one class in turn.
  static std::string certain(int64_t rows, int64_t columns) {
    std::vector<double> probs(static_cast<size_t>(rows * columns), 0.0);
    for (int64_t row = 0; row < rows; ++row) {
      probs[static_cast<size_t>(row * columns + row % columns)] = 1;
    }
    return npy_probs(probs, columns);
  }
  TempDir dir_;
};

TEST_F(ConllMatchTest, SortedTagsAreTheClasses) {
  const TokenDataset data = read_tokens(options(certain(4, 4)));
  EXPECT_THAT(data.examples.class_names, ElementsAre("B-LOC", "B-PER", "I-PER", "O"));
  EXPECT_THAT(labels_of(data.examples), ElementsAre(1, 2, 3, 0));
  EXPECT_THAT(data.tags, ElementsAre(0, 1, 2, 3));
  EXPECT_THAT(data.tag_names, ElementsAre("B-PER", "I-PER", "O", "B-LOC"));
  EXPECT_THAT(data.examples.notes, ElementsAre(HasSubstr("B-LOC, B-PER, I-PER, O")));
  EXPECT_EQ(data.examples.pred_probs.front().rows, data.num_tokens());
  EXPECT_EQ(data.examples.pred_probs_files.size(), 1u);
}

TEST_F(ConllMatchTest, GivenClassesAndTheirOrder) {
  TokenReadOptions options = this->options(certain(4, 5));
  EXPECT_THAT(error(options), AllOf(HasSubstr("4 different labels"), HasSubstr("5 columns"),
                                    HasSubstr("--class-names")));
  options.class_names = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
  const TokenDataset data = read_tokens(options);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(1, 2, 0, 3));
  EXPECT_EQ(data.examples.class_names, options.class_names);
  options.class_names = {"O", "B-PER", "E-PER", "B-LOC", "I-LOC"};  // as they stand: no I-PER
  EXPECT_THAT(error(options), AllOf(HasSubstr("train.conll, line 4"), HasSubstr("\"I-PER\"")));
  options.skip_invalid = true;
  EXPECT_THAT(labels_of(read_tokens(options).examples), ElementsAre(1, -1, 0, 3));
}

TEST_F(ConllMatchTest, GivenClassesWithoutProbabilities) {
  TokenReadOptions options = this->options(certain(4, 4));
  options.pred_probs.clear();
  options.class_names = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
  EXPECT_THAT(labels_of(read_tokens(options).examples), ElementsAre(1, 2, 0, 3));
  options.class_names = {"O", "B-PER"};
  EXPECT_THAT(error(options), HasSubstr("train.conll, line 4"));
  options.class_names = {"O", "O"};
  EXPECT_THAT(error(options), HasSubstr("stands twice"));
}

TEST_F(ConllMatchTest, CountsThatDifferAreNamed) {
  EXPECT_THAT(error(options(certain(3, 4))),
              AllOf(HasSubstr("train.conll has 4 tokens"), HasSubstr("probs.npy has 3 rows"),
                    HasSubstr("every token needs its row"), Not(HasSubstr("DOCSTART"))));
  EXPECT_THAT(error(options(certain(5, 4))),
              HasSubstr("fit only with the 1 -DOCSTART- line, which are no tokens"));
  EXPECT_THAT(error(options(certain(2, 4))), HasSubstr("as many rows as sentences"));
  EXPECT_THAT(error(options(certain(5, 4), "Ada O\nBell O\nsaw O\nRome O\n")),
              Not(HasSubstr("DOCSTART")));
}

TEST_F(ConllMatchTest, ZeroOneTagsAreIndices) {
  TokenReadOptions options =
      this->options(npy_bytes("<f4", "(3,)", raw<float>({0.25, 1, 0})), "a 0\nb 1\n\nc 0\n");
  const TokenDataset data = read_tokens(options);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, 1, 0));
  EXPECT_THAT(probs_of(data.examples), ElementsAre(0.75, 0.25, 0, 1, 1, 0));
}

TEST_F(ConllMatchTest, EnsemblesAndLogits) {
  TokenReadOptions options = this->options(certain(4, 4));
  options.pred_probs.push_back(dir_.write("second.npy", certain(4, 4)));
  EXPECT_EQ(read_tokens(options).examples.pred_probs.size(), 2u);
  options.pred_probs.push_back(dir_.write("third.npy", certain(6, 4)));
  EXPECT_THAT(error(options), HasSubstr("third.npy has 6 rows"));
  options = this->options(npy_probs(std::vector<double>(16, 7.0), 4));
  options.logits = true;
  EXPECT_DOUBLE_EQ(probs_of(read_tokens(options).examples)[5], 0.25);
}

TEST_F(ConllMatchTest, InvalidProbabilitiesAreLeftOut) {
  std::vector<double> probs(16, 0.25);
  probs[9] = std::numeric_limits<double>::quiet_NaN();
  TokenReadOptions options = this->options(npy_probs(probs, 4));
  options.skip_invalid = true;
  const TokenDataset data = read_tokens(options);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(1, 2, -1, 0));
  EXPECT_EQ(data.examples.num_skipped, 1);
  EXPECT_THAT(data.tags, ElementsAre(0, 1, 2, 3));
}

TEST_F(ConllMatchTest, AFileGoesThroughTheEngine) {
  std::string text;
  std::vector<double> probs;
  for (int i = 0; i < 40; ++i) {
    const bool person = i % 2 == 0;
    // One person is labelled as none.
    text += person && i != 16 ? "Ada B-PER\n" : "saw O\n";
    if (i % 4 == 3) text += "\n";
    probs.push_back(person ? 0.9 : 0.1);
    probs.push_back(person ? 0.1 : 0.9);
  }
  TokenDataset data = read_tokens(options(npy_probs(probs, 2), text));
  MemorySource source(data.examples.labels, data.examples.pred_probs[0]);
  const TokenIssues issues = find_token_issues(source, data.sentences());
  ASSERT_EQ(issues.issues.size(), 1u);
  EXPECT_EQ(issues.issues[0].position, (TokenPosition{.sentence = 4, .token = 0}));
  EXPECT_EQ(data.examples.source_lines[16], 21);
}

}  // namespace
}  // namespace labelsieve::test
