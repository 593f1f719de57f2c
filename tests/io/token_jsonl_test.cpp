// Sentences in JSON lines: keys, forms of tags and probabilities, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>

#include "io/io_files.h"
#include "io/token_jsonl_reader.h"
#include "labelsieve/read_tokens.h"
#include "labelsieve/token_classification.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

const char* const kSentences =
    "{\"id\": 7, \"tokens\": [\"Ada\", \"saw \\\"R\\u00f6me\\\"\"], \"ner_tags\": [\"B-PER\", "
    "\"O\"], \"pred_probs\": [[0.75, 0.25], [0, 1]]}\n"
    "\n"
    "{\"id\": \"b\", \"tokens\": [], \"ner_tags\": [], \"pred_probs\": []}\n"
    "{\"pred_probs\": [[0.5, 0.5]], \"ner_tags\": [\"O\"], \"tokens\": [\"here\"]}";

class TokenJsonlTest : public testing::Test {
 protected:
  TokenDataset read(const std::string& text, TokenReadOptions options = {}) {
    options.input = dir_.write("a.jsonl", text);
    return read_tokens(options);
  }
  std::string error(const std::string& text, const TokenReadOptions& options = {}) {
    return message_of([&] { read(text, options); });
  }
  TempDir dir_;
};

TEST_F(TokenJsonlTest, ReadsTokensTagsAndProbabilities) {
  const TokenDataset data = read(kSentences, {.class_names = {"B-PER", "O"}});
  EXPECT_THAT(data.offsets, ElementsAre(0, 2, 2, 3));
  EXPECT_THAT(data.tokens, ElementsAre("Ada", "saw \"R\xC3\xB6me\"", "here"));
  EXPECT_THAT(data.tag_names, ElementsAre("B-PER", "O"));
  EXPECT_THAT(data.tags, ElementsAre(0, 1, 1));
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, 1, 1));
  EXPECT_THAT(probs_of(data.examples), ElementsAre(0.75, 0.25, 0, 1, 0.5, 0.5));
  EXPECT_THAT(data.examples.source_lines, ElementsAre(1, 1, 4));
  EXPECT_THAT(data.ids, ElementsAre("7", "b", ""));
  EXPECT_THAT(data.examples.notes, IsEmpty());
  EXPECT_FALSE(data.examples.labels.ignore_label.has_value());
  EXPECT_THAT(data.token_ranges, IsEmpty());
}

TEST_F(TokenJsonlTest, SortedTagsAreTheClasses) {
  const TokenDataset data = read(kSentences);
  EXPECT_THAT(data.examples.class_names, ElementsAre("B-PER", "O"));
  EXPECT_THAT(data.examples.notes, ElementsAre(HasSubstr("class order: B-PER, O")));
}

TEST_F(TokenJsonlTest, IntegersAreIndicesOfTheClassNames) {
  const std::string text = "{\"words\": [\"a\", \"b\", \"c\"], \"labels\": [2, 0, 1]}\n";
  TokenReadOptions options{.class_names = {"O", "B-PER", "I-PER"}};
  const TokenDataset data = read(text, options);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(2, 0, 1));
  EXPECT_EQ(data.examples.class_names, options.class_names);
  options.class_names.pop_back();
  EXPECT_THAT(error(text, options),
              AllOf(HasSubstr("a.jsonl, line 1, column labels: 1 label "), HasSubstr("\"2\"")));
}

TEST_F(TokenJsonlTest, IgnoredLabelsKeepTheirPlace) {
  const std::string text =
      "{\"tokens\": [\"[CLS]\", \"a\", \"b\"], \"labels\": [-100, 1, 0], \"logits\": [null, [7, "
      "7], [0, 0]]}\n";
  const TokenDataset data = read(text, {.prob_columns = {"logits"}, .logits = true});
  EXPECT_EQ(data.num_ignored, 1);
  EXPECT_EQ(data.examples.num_skipped, 0);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(-1, 1, 0));
  EXPECT_EQ(data.examples.labels.ignore_label, -1);
  EXPECT_THAT(data.tags, ElementsAre(-1, 0, 1));
  EXPECT_TRUE(std::isnan(probs_of(data.examples)[0]));
  EXPECT_DOUBLE_EQ(probs_of(data.examples)[3], 0.5);
  EXPECT_THAT(read(text).examples.labels.ignore_label, testing::Optional(-1));
}

TEST_F(TokenJsonlTest, IgnoredRowsOfOtherFilesAreNotSoftmaxed) {
  const double nan = std::nan("");
  const std::string text = "{\"tokens\": [\"a\", \"b\"], \"labels\": [-100, 1]}\n";
  TokenReadOptions options{.pred_probs = {dir_.write("p.npy", npy_probs({nan, 3, 1, 1}, 2))},
                           .logits = true};
  EXPECT_DOUBLE_EQ(probs_of(read(text, options).examples)[3], 0.5);
  EXPECT_THAT(error("{\"tokens\": [\"a\", \"b\"], \"labels\": [0, 1]}\n", options),
              HasSubstr("the logits have no softmax"));
  options.pred_probs = {dir_.write("one.npy", npy_bytes("<f8", "(2,)", raw<double>({nan, 0.25})))};
  options.logits = false;
  EXPECT_DOUBLE_EQ(probs_of(read(text, options).examples)[2], 0.75);
}

TEST_F(TokenJsonlTest, FormsOfProbabilities) {
  const std::string begin = "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\", \"X\"], \"probs\": ";
  for (const std::string probs :
       {"[{\"O\": 1, \"X\": 0}, {\"X\": 0.75, \"O\": 0.25}]",
        "[[{\"label\": \"O\", \"score\": 1}, {\"label\": \"X\", \"score\": 0}], [{\"label\": "
        "\"X\", \"score\": 0.75}, {\"label\": \"O\", \"score\": 0.25}]]",
        "[0, 0.75]"}) {
    const TokenDataset data = read(begin + probs + "}");
    EXPECT_THAT(data.examples.class_names, ElementsAre("O", "X")) << probs;
    EXPECT_THAT(probs_of(data.examples), ElementsAre(1, 0, 0.25, 0.75)) << probs;
  }
  EXPECT_THAT(error(begin + "[{\"O\": 1, \"X\": 0}, {\"O\": 1}]}"),
              AllOf(HasSubstr("line 1, column probs: token 1: the probability of \"X\"")));
}

TEST_F(TokenJsonlTest, ProbabilitiesOfOtherFiles) {
  const std::string text =
      "{\"tokens\": [\"a\"], \"tags\": [\"O\"], \"pred_probs\": [[9, 9]]}\n"
      "{\"tokens\": [\"b\", \"c\"], \"tags\": [\"X\", \"O\"], \"pred_probs\": 0}\n";
  TokenReadOptions options{
      .pred_probs = {dir_.write("p.npy", npy_probs({1, 0, 0, 1, 0.5, 0.5}, 2))}};
  EXPECT_THAT(probs_of(read(text, options).examples), ElementsAre(1, 0, 0, 1, 0.5, 0.5));
  options.pred_probs.push_back(
      dir_.write("p.jsonl", "{\"probs\": [[1, 0]]}\n\n{\"probs\": [[0, 1], [0.5, 0.5]]}\n"));
  const TokenDataset both = read(text, options);
  ASSERT_EQ(both.examples.pred_probs.size(), 2u);
  EXPECT_EQ(probs_of(both.examples, 1), probs_of(both.examples, 0));
  options.pred_probs = {dir_.write("p.jsonl", "{\"probs\": [[1, 0]]}\n{\"probs\": [[0, 1]]}\n")};
  EXPECT_THAT(error(text, options),
              AllOf(HasSubstr("a.jsonl, line 2: the sentence has 2 tokens"),
                    HasSubstr("1 row of probabilities in"), HasSubstr("p.jsonl")));
  options.pred_probs = {dir_.write("p.jsonl", "{\"probs\": [[1, 0]]}\n")};
  EXPECT_THAT(error(text, options), HasSubstr("has 2 sentences and"));
  options.pred_probs = {
      dir_.write("p.jsonl", "{\"probs\": [1, 0]}\n{\"probs\": [0, 1]}\n{\"probs\": [0, 1]}\n")};
  EXPECT_THAT(probs_of(read(text, options).examples), ElementsAre(1, 0, 0, 1, 0, 1));
  options.pred_probs = {dir_.write("p.npy", npy_probs({1, 0}, 2))};
  EXPECT_THAT(error(text, options), HasSubstr("a.jsonl has 3 tokens and"));
}

TEST_F(TokenJsonlTest, LengthsThatDifferAreNamedWithTheirLine) {
  const std::string good = "{\"tokens\": [\"a\"], \"tags\": [\"O\"], \"probs\": [[1, 0]]}\n\n";
  for (const bool skip : {false, true}) {
    const TokenReadOptions options{.skip_invalid = skip};
    EXPECT_THAT(
        error(good + "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\"], \"probs\": [[1, 0], [1, 0]]}",
              options),
        HasSubstr("a.jsonl, line 3, column tags: the sentence has 2 tokens and 1 tag; every"));
    EXPECT_THAT(
        error(good + "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\", \"O\"], \"probs\": []}",
              options),
        HasSubstr("a.jsonl, line 3, column probs: the sentence has 2 tokens and 0 rows of"));
  }
  EXPECT_THAT(error(good + "{\"tokens\": [\"a\"], \"tags\": [\"O\", \"O\"], \"probs\": [[1, 0]]}"),
              HasSubstr("line 3, column tags: the sentence has 1 token and 2 tags"));
  EXPECT_THAT(error(good + "{\"tokens\": [\"a\"], \"tags\": [\"O\"], \"probs\": [[1]]}"),
              HasSubstr("line 3, column probs: token 0: expected 2 probabilities"));
}

TEST_F(TokenJsonlTest, MissingValuesAreAnErrorOrLeftOut) {
  const std::string text =
      "{\"tokens\": [\"a\", \"b\"], \"tags\": [\"O\", null], \"probs\": [[1, 0], [1, 0]]}\n"
      "{\"tokens\": [\"c\"], \"probs\": [[1, 0]]}\n"
      "{\"tokens\": [\"d\", \"e\"], \"tags\": [\"X\", \"O\"], \"probs\": [[NaN, 0], [0, 1]]}\n";
  TokenReadOptions options{.class_names = {"O", "X"}, .skip_invalid = true};
  const TokenDataset data = read(text, options);
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, -1, -1, -1, 0));
  EXPECT_EQ(data.examples.num_skipped, 3);
  EXPECT_EQ(data.num_ignored, 0);
  options.skip_invalid = false;
  EXPECT_THAT(error(text, options),
              HasSubstr("line 3, column probs: token 0: the probability is missing"));
  const std::string tags = text.substr(0, text.find("{\"tokens\": [\"d\""));
  EXPECT_THAT(error(tags, options), AllOf(HasSubstr("line 1, column tags: 2 labels are missing")));
}

TEST_F(TokenJsonlTest, KeysByTheirNames) {
  const std::string text =
      "{\"tokens\": [\"a\"], \"pos_tags\": [3], \"ner_tags\": [0], \"x\": [\"b\"], \"y\": [1]}\n";
  const TokenDataset data = read(text);
  EXPECT_THAT(data.tag_names, ElementsAre("0"));
  EXPECT_THAT(data.examples.notes, ElementsAre(AllOf(HasSubstr("those of the key \"ner_tags\""),
                                                     HasSubstr("pos_tags"))));
  const TokenDataset chosen = read(text, {.token_key = "x", .tag_key = "y"});
  EXPECT_THAT(chosen.tokens, ElementsAre("b"));
  EXPECT_THAT(chosen.tag_names, ElementsAre("1"));
  EXPECT_THAT(chosen.examples.notes, IsEmpty());
  EXPECT_THAT(error(text, {.tag_key = "z"}),
              AllOf(HasSubstr("a.jsonl: there is no key \"z\""), HasSubstr("tokens, pos_tags")));
  EXPECT_THAT(error(text, {.prob_columns = {"p"}}), HasSubstr("no list under the key \"p\""));
  EXPECT_THAT(error(text, {.prob_columns = {"p", "q"}}), HasSubstr("name that one alone"));
  EXPECT_THAT(error("{\"a\": 1}\n"), HasSubstr("neither tags of tokens nor spans"));
  EXPECT_THAT(error("{\"tokens\": [\"a\"]}\n"), HasSubstr("neither tags of tokens nor spans"));
  EXPECT_THAT(error("{\"tags\": [\"O\"]}\n", {.tag_key = "tags"}), HasSubstr("no list of tokens"));
  const std::string conll = dir_.write("a.conll", "a O\n");
  EXPECT_THAT(message_of([&] { read_tokens({.input = conll, .tag_key = "tags"}); }),
              HasSubstr("keys are those of JSON lines"));
}

TEST_F(TokenJsonlTest, OtherValuesAreRefused) {
  const std::string good = "{\"tokens\": [\"a\"], \"tags\": [\"O\"], \"probs\": [[1, 0]]}\n";
  const auto with = [&](const char* tokens, const char* tags, const char* probs) {
    return error(good + "{\"tokens\": " + tokens + ", \"tags\": " + tags + ", \"probs\": " + probs +
                 "}\n");
  };
  EXPECT_THAT(with("[\"a\", 1]", "[0, 0]", "[]"), HasSubstr("line 2, column tokens: token 1 is "));
  EXPECT_THAT(with("\"a\"", "[0]", "[]"), HasSubstr("the tokens are no list"));
  EXPECT_THAT(with("[\"a\"]", "[0.5]", "[]"), HasSubstr("neither a string nor an integer"));
  EXPECT_THAT(with("[\"a\"]", "0", "[]"), HasSubstr("the tags are no list"));
  EXPECT_THAT(with("[\"a\"]", "[0]", "{}"), HasSubstr("no list with a row for each token"));
  EXPECT_THAT(with("[\"a\"]", "[0]", "[[2, 0]]"), HasSubstr("outside [0, 1]"));
  EXPECT_THAT(error(good + "[1]\n"), HasSubstr("line 2: the line is not a JSON object"));
  EXPECT_THAT(error(good + "{\"a\": 1, \"a\": 2}\n"), HasSubstr("stands twice"));
  EXPECT_THAT(error("{\"tokens\": [], \"tags\": []}\n"), HasSubstr("there is no token"));
  EXPECT_THAT(error("{\"tokens\": [], \"tags\": [], \"probs\": []}\n"), HasSubstr("no sentence"));
  EXPECT_THAT(error("\n \n"), HasSubstr("there is no sentence"));
  EXPECT_THAT(error(""), HasSubstr("the file is empty"));
}

TEST_F(TokenJsonlTest, FormatsGoByTheirEndings) {
  EXPECT_EQ(token_format_of("x.jsonl"), TokenFormat::kJsonl);
  EXPECT_EQ(token_format_of("x.ndjson.gz"), TokenFormat::kJsonl);
  const std::string packed = dir_.write("b.jsonl.gz", gzipped(kSentences));
  EXPECT_EQ(read_tokens({.input = packed}).num_tokens(), 3);
  EXPECT_TRUE(holds_sentences(packed));
  EXPECT_FALSE(holds_sentences(dir_.path("none.jsonl")));
  EXPECT_FALSE(holds_sentences("-"));
  EXPECT_FALSE(holds_sentences(dir_.write("c.jsonl", "{\"label\": 1, \"text\": \"a\"}\n")));
  EXPECT_FALSE(holds_sentences(dir_.write("d.jsonl", "no JSON\n")));
  EXPECT_TRUE(holds_sentences(dir_.write("e.jsonl", "\n{\"text\": \"a\", \"spans\": []}\n")));
}

// Sentences of all lengths, read in pieces of any size and by any number of threads.
TEST_F(TokenJsonlTest, PiecesAndThreadsLeaveNoTrace) {
  std::string text;
  for (int s = 0; s < 60; ++s) {
    std::string tokens, tags, probs;
    for (int t = 0; t < s % 7; ++t) {
      const std::string comma = t == 0 ? "" : ", ";
      tokens += comma + "\"w" + std::to_string(s) + "\"";
      tags += comma + (t % 3 == 0 ? "-100" : std::to_string((s * 5 + t) % 11));
      probs += comma + "[0." + std::to_string(s) + ", 0.5]";
    }
    text += "{\"tokens\": [" + tokens + "], \"tags\": [" + tags + "], \"probs\": [" + probs +
            "], \"id\": " + std::to_string(s) + "}\n";
    if (s % 9 == 0) text += "\n";
  }
  const io::FileBytes bytes = io::owned_bytes(text);
  const auto read = [&](int64_t piece_bytes, int threads) {
    TokenReadOptions options;
    options.execution.num_threads = threads;
    return io::read_token_jsonl(bytes, "a", {}, options, piece_bytes);
  };
  const io::TokenPart whole = read(1 << 20, 1);
  EXPECT_EQ(whole.offsets.size(), 61u);
  EXPECT_EQ(whole.pred_probs->view.rows, whole.num_tokens());
  for (const int64_t piece_bytes : {1, 50, 333, 2000}) {
    const io::TokenPart part = read(piece_bytes, 3);
    EXPECT_EQ(part.tokens, whole.tokens);
    EXPECT_EQ(part.offsets, whole.offsets);
    EXPECT_EQ(part.lines, whole.lines);
    EXPECT_EQ(part.ids, whole.ids);
    EXPECT_EQ(part.tags.codes, whole.tags.codes);
    EXPECT_EQ(part.tags.values, whole.tags.values);
    const auto bytes_of = [](const io::TokenPart& of) {
      return std::string_view(reinterpret_cast<const char*>(of.pred_probs->writable),
                              static_cast<size_t>(of.num_tokens()) * 16);
    };
    EXPECT_EQ(bytes_of(part), bytes_of(whole));
  }
}

}  // namespace
}  // namespace labelsieve::test
