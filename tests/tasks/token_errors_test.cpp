// The automatic method for tokens against a naive one, and what holds for it.
#include "labelsieve/token_errors.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>

#include "support/errors.h"
#include "tasks/token_errors_reference.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::MemorySource;
using labelsieve::Sentences;
using labelsieve::SpanIssueType;
using labelsieve::TagScheme;
using labelsieve::TagSet;
using labelsieve::TokenContext;
using labelsieve::TokenErrors;
using tasks_test::Corpus;
using tasks_test::Kind;
using test_support::expect_error;
using Names = std::vector<std::string>;

const Names kTagNames = {"O", "B-PER", "I-PER", "I-LOC", "B-LOC"};

/// A corpus with a word for each token: few words, some of them always of one label.
struct Text {
  Corpus corpus;
  std::vector<std::string> words;

  std::vector<std::string_view> views() const { return {words.begin(), words.end()}; }
};

Text make_text(Kind kind, int64_t tokens, uint64_t seed) {
  Text text{tasks_test::make_corpus(kind, tokens, 5, seed), {}};
  std::mt19937_64 random(seed);
  for (const int64_t label : text.corpus.data.labels) {
    const bool of_label = random() % 2 == 0;
    text.words.push_back((of_label ? "w" + std::string(1, static_cast<char>('a' + label)) : "v") +
                         std::string(1, static_cast<char>('a' + random() % 20)));
  }
  return text;
}

TokenErrors find(labelsieve::Source& source, const Text& text,
                 const std::vector<int64_t>& documents = {}, int threads = 1) {
  const std::vector<std::string_view> words = text.views();
  const TagSet tags(kTagNames, TagScheme::kIob2);
  labelsieve::TokenErrorOptions options;
  options.execution.num_threads = threads;
  return find_token_errors(source, text.corpus.sentences(), tags, {words, documents}, options);
}

void expect_same(const TokenErrors& a, const TokenErrors& b) {
  EXPECT_EQ(a.label_quality, b.label_quality);
  EXPECT_EQ(a.mask, b.mask);
  EXPECT_EQ(a.num_issues, b.num_issues);
  EXPECT_EQ(a.sentence_quality, b.sentence_quality);
  EXPECT_EQ(a.expected_errors, b.expected_errors);
  ASSERT_EQ(a.spans.size(), b.spans.size());
  for (size_t i = 0; i < a.spans.size(); ++i) {
    EXPECT_EQ(a.spans[i].sentence, b.spans[i].sentence);
    EXPECT_EQ(a.spans[i].type, b.spans[i].type);
    EXPECT_EQ(a.spans[i].given, b.spans[i].given);
    EXPECT_EQ(a.spans[i].suggested, b.spans[i].suggested);
    EXPECT_EQ(a.spans[i].label_quality, b.spans[i].label_quality);
  }
}

TEST(TokenErrors, AreThoseOfTheDefinition) {
  for (const Kind kind : test_support::kAllKinds) {
    SCOPED_TRACE(test_support::name(kind));
    const Text text = make_text(kind, 1500, 11);
    std::vector<int64_t> documents(text.corpus.offsets.size() - 1);
    for (size_t s = 0; s < documents.size(); ++s) documents[s] = static_cast<int64_t>(s) % 17;
    for (const auto& given : {std::vector<int64_t>{}, documents}) {
      const auto expected =
          tasks_test::reference_token_errors(text.corpus, kTagNames, text.words, given);
      const test_support::Stored stored(text.corpus.data);
      auto source = stored.source();
      const TokenErrors found = find(source, text, given);
      ASSERT_EQ(expected.label_quality.size(), found.label_quality.size());
      for (size_t i = 0; i < expected.label_quality.size(); ++i) {
        EXPECT_NEAR(expected.label_quality[i], found.label_quality[i], 1e-9) << "token " << i;
      }
      for (size_t s = 0; s < expected.sentence_quality.size(); ++s) {
        EXPECT_NEAR(expected.sentence_quality[s], found.sentence_quality[s], 1e-9);
      }
      EXPECT_NEAR(expected.expected_errors, found.expected_errors, 1e-6);
      EXPECT_EQ(std::accumulate(expected.mask.begin(), expected.mask.end(), int64_t{0}),
                found.num_issues);
      if (kind == Kind::kNoisy || kind == Kind::kRandom) {
        EXPECT_EQ(expected.mask, found.mask);  // no ties, which rounding breaks
      }
    }
  }
}

TEST(TokenErrors, DependNeitherOnThreadsNorOnBlocks) {
  const Text text = make_text(Kind::kNoisy, 6000, 3);
  const test_support::Stored stored(text.corpus.data);
  auto source = stored.source();
  const TokenErrors one = find(source, text);
  EXPECT_GT(one.num_issues, 0);
  EXPECT_FALSE(one.spans.empty());
  expect_same(one, find(source, text, {}, 4));
  for (const int64_t block : {1, 3, 64, 1000}) {
    auto blocks = stored.blocks(block);
    expect_same(one, find(blocks, text, {}, 3));
  }
}

/// The corpus with its sentences in another order; order[new] = old.
Text reordered(const Text& text, const std::vector<int64_t>& order) {
  Text result;
  result.corpus.data = text.corpus.data;
  std::vector<int64_t> tokens;
  result.corpus.offsets = {0};
  const Sentences sentences = text.corpus.sentences();
  for (const int64_t s : order) {
    for (int64_t t = sentences.start(s); t < sentences.end(s); ++t) tokens.push_back(t);
    result.corpus.offsets.push_back(static_cast<int64_t>(tokens.size()));
  }
  result.corpus.data = test_support::selected(text.corpus.data, tokens);
  for (const int64_t t : tokens) result.words.push_back(text.words[static_cast<size_t>(t)]);
  return result;
}

TEST(TokenErrors, KeepTheirScoresWhenSentencesMove) {
  const Text text = make_text(Kind::kNoisy, 2000, 5);
  std::vector<int64_t> order(text.corpus.offsets.size() - 1);
  std::iota(order.begin(), order.end(), 0);
  std::shuffle(order.begin(), order.end(), std::mt19937_64(9));
  const Text moved = reordered(text, order);
  std::vector<int64_t> documents(order.size());
  for (size_t s = 0; s < order.size(); ++s) documents[s] = static_cast<int64_t>(s / 7);
  std::vector<int64_t> moved_documents;
  for (const int64_t s : order) moved_documents.push_back(documents[static_cast<size_t>(s)]);
  const test_support::Stored stored(text.corpus.data), moved_stored(moved.corpus.data);
  auto source = stored.source();
  auto moved_source = moved_stored.source();
  const TokenErrors found = find(source, text, documents);
  const TokenErrors after = find(moved_source, moved, moved_documents);
  EXPECT_EQ(found.num_issues, after.num_issues);
  EXPECT_EQ(found.spans.size(), after.spans.size());
  for (size_t s = 0; s < order.size(); ++s) {
    const auto old = static_cast<size_t>(order[s]);
    EXPECT_EQ(found.sentence_quality[old], after.sentence_quality[s]);
    for (int64_t t = 0; t < moved.corpus.offsets[s + 1] - moved.corpus.offsets[s]; ++t) {
      EXPECT_EQ(found.label_quality[static_cast<size_t>(text.corpus.offsets[old] + t)],
                after.label_quality[static_cast<size_t>(moved.corpus.offsets[s] + t)]);
    }
  }
}

/// Sentences "w0 w1 ... w5" of which the second and third words are a name, mostly.
struct Small {
  static constexpr int64_t kSentences = 40;
  static constexpr int64_t kLength = 6;
  std::vector<int32_t> labels;
  std::vector<float> probs;
  std::vector<std::string> words;
  std::vector<int64_t> offsets = {0};
  Names names = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
  TagScheme scheme = TagScheme::kIob2;

  Small() {
    for (int64_t s = 0; s < kSentences; ++s) {
      for (int32_t t = 0; t < kLength; ++t) {
        const int32_t truth = t == 1 ? 1 : t == 2 ? 2 : t == 4 ? 3 : 0;
        labels.push_back(truth);
        words.push_back("w" + std::string(1, static_cast<char>('a' + t)));
        for (int32_t c = 0; c < 5; ++c) probs.push_back(c == truth ? 0.9F : 0.025F);
      }
      offsets.push_back(static_cast<int64_t>(labels.size()));
    }
  }

  TokenErrors find(std::optional<int64_t> ignored = {}) const {
    LabelsView view(labels.data(), static_cast<int64_t>(labels.size()));
    view.ignore_label = ignored;
    MemorySource source(view,
                        MatrixView(probs.data(), view.size, static_cast<int64_t>(names.size())));
    const std::vector<std::string_view> views(words.begin(), words.end());
    return find_token_errors(source, Sentences(offsets), TagSet(names, scheme), {views});
  }
};

void expect_issue(const TokenErrors& found, int64_t sentence, SpanIssueType type) {
  ASSERT_FALSE(found.spans.empty());
  EXPECT_EQ(sentence, found.spans[0].sentence);
  EXPECT_EQ(type, found.spans[0].type);
  EXPECT_EQ(0, std::min_element(found.sentence_quality.begin(), found.sentence_quality.end()) -
                   found.sentence_quality.begin() - sentence);
}

TEST(TokenErrors, FindsEachTypeOfIssue) {
  const std::array kTypes = {SpanIssueType::kMissing, SpanIssueType::kSpurious,
                             SpanIssueType::kWrongType, SpanIssueType::kWrongBoundary};
  for (const SpanIssueType type : kTypes) {
    Small small;
    int32_t* sentence = &small.labels[7 * Small::kLength];
    if (type == SpanIssueType::kMissing) sentence[1] = sentence[2] = 0;
    if (type == SpanIssueType::kSpurious) sentence[0] = 3;
    if (type == SpanIssueType::kWrongType) sentence[4] = 1;
    if (type == SpanIssueType::kWrongBoundary) sentence[3] = 2;
    SCOPED_TRACE(static_cast<int>(type));
    expect_issue(small.find(), 7, type);
  }
}

TEST(TokenErrors, SuggestsInThePositionsOfTheSentence) {
  Small small;
  int32_t* sentence = &small.labels[7 * Small::kLength];
  sentence[1] = sentence[2] = 0;
  sentence[0] = -100;  // ignored tokens keep their place
  const TokenErrors found = small.find(-100);
  expect_issue(found, 7, SpanIssueType::kMissing);
  EXPECT_EQ((labelsieve::Span{1, 3, 0}), *found.spans[0].suggested);
  EXPECT_TRUE(std::isnan(found.label_quality[7 * Small::kLength]));
  EXPECT_EQ(0, found.mask[7 * Small::kLength]);
}

TEST(TokenErrors, TakesOtherSchemes) {
  Small iob;
  Small iobes;
  iobes.names = {"O", "B-PER", "E-PER", "S-LOC", "E-LOC"};
  iobes.scheme = TagScheme::kIobes;
  Small plain;
  plain.names = {"O", "PER", "PER2", "LOC", "MISC"};
  plain.scheme = TagScheme::kPlain;
  for (Small* small : {&iob, &iobes, &plain}) {
    small->labels[7 * Small::kLength + 4] = 0;
    const TokenErrors found = small->find();
    expect_issue(found, 7, SpanIssueType::kMissing);
    EXPECT_EQ(4, found.spans[0].start);
  }
  EXPECT_EQ(iob.find().label_quality, iobes.find().label_quality);
}

TEST(TokenErrors, ListsTheFlaggedTokens) {
  const Text text = make_text(Kind::kNoisy, 2000, 8);
  const test_support::Stored stored(text.corpus.data);
  auto source = stored.source();
  const TokenErrors found = find(source, text);
  ASSERT_EQ(found.num_issues, static_cast<int64_t>(found.issues.size()));
  std::vector<int64_t> indices;
  for (const labelsieve::TokenIssue& issue : found.issues) {
    const labelsieve::Example& example = issue.example;
    const auto index = static_cast<size_t>(example.index);
    EXPECT_EQ(text.corpus.sentences().position(example.index), issue.position);
    EXPECT_EQ(text.corpus.data.labels[index], example.given_label);
    EXPECT_NE(example.given_label, example.suggested_label);
    EXPECT_EQ(found.label_quality[index], example.label_quality);
    const auto& row = text.corpus.data.pred_probs[index];
    EXPECT_EQ(row[static_cast<size_t>(example.given_label)], example.self_confidence);
    EXPECT_EQ(row[static_cast<size_t>(example.suggested_label)], example.suggested_prob);
    indices.push_back(example.index);
  }
  EXPECT_EQ(labelsieve::order_label_issues(found.mask, found.label_quality), indices);
}

TEST(TokenErrors, SuggestsLabelsInTheScheme) {
  Small small;
  small.names = {"O", "B-PER", "E-PER", "S-LOC", "E-LOC", "S-PER", "I-PER", "B-LOC"};
  small.scheme = TagScheme::kIobes;
  small.probs.clear();
  for (const int32_t label : small.labels) {
    for (int32_t c = 0; c < 8; ++c) small.probs.push_back(c == label ? 0.93F : 0.01F);
  }
  int32_t* sentence = &small.labels[7 * Small::kLength];
  sentence[1] = sentence[2] = sentence[4] = 0;
  const TokenErrors found = small.find();
  ASSERT_GE(found.issues.size(), 3U);
  std::vector<std::pair<int64_t, int32_t>> suggested;
  for (size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(7, found.issues[i].position.sentence);
    suggested.emplace_back(found.issues[i].position.token, found.issues[i].example.suggested_label);
  }
  std::sort(suggested.begin(), suggested.end());
  EXPECT_EQ((std::vector<std::pair<int64_t, int32_t>>{{1, 1}, {2, 2}, {4, 3}}), suggested);
}

TEST(TokenErrors, KnowsWhatAWordIsElsewhere) {
  // The model says nothing; only the word tells that the label is unlike the others.
  Small small;
  for (size_t row = 0; row < small.labels.size(); ++row) {
    for (size_t c = 0; c < 5; ++c) small.probs[row * 5 + c] = 0.2F;
  }
  small.labels[7 * Small::kLength + 4] = 0;
  small.words[7 * Small::kLength + 4] = "WE";  // upper and lower case are one word
  const TokenErrors found = small.find();
  const auto worst = std::min_element(found.label_quality.begin(), found.label_quality.end());
  EXPECT_EQ(7 * Small::kLength + 4, worst - found.label_quality.begin());
}

TEST(TokenErrors, RefusesWhatItCannotJudge) {
  Small small;
  small.words.pop_back();
  expect_error(ErrorCode::kInvalidArgument, "one word per token", [&] { small.find(); });
  Small no_outside;
  no_outside.names[0] = "B-X";
  expect_error(ErrorCode::kInvalidArgument, "\"O\"", [&] { no_outside.find(); });
  Small no_number;
  no_number.probs[5 * 8 + 1] = std::nanf("");
  expect_error(ErrorCode::kInvalidData, "sentence 1, token 2", [&] { no_number.find(); });
  const Text text = make_text(Kind::kNoisy, 100, 1);
  const test_support::Stored stored(text.corpus.data);
  auto source = stored.source();
  expect_error(ErrorCode::kInvalidArgument, "documents for 2", [&] { find(source, text, {1, 2}); });
}

TEST(TokenErrors, EmptySentencesAreRight) {
  const Text text = make_text(Kind::kNoisy, 300, 2);
  const test_support::Stored stored(text.corpus.data);
  auto source = stored.source();
  const TokenErrors found = find(source, text);
  const Sentences sentences = text.corpus.sentences();
  for (int64_t s = 0; s < sentences.size(); ++s) {
    const double quality = found.sentence_quality[static_cast<size_t>(s)];
    EXPECT_TRUE(sentences.length(s) == 0 ? quality == 1 : quality >= 0 && quality < 1);
  }
}

}  // namespace
