// Wrong spans: the binary problem, the decoder, the alignment, and all of it together.
#include "labelsieve/span_classification.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <random>
#include <set>
#include <tuple>

#include "reference/compare.h"
#include "support/errors.h"
#include "tasks/corpus.h"
#include "tasks/print_span.h"
#include "tasks/tag_decoder.h"

namespace labelsieve {
inline bool operator==(const SpanDifference& a, const SpanDifference& b) {
  return a.type == b.type && a.given == b.given && a.suggested == b.suggested;
}
inline bool operator==(const SpanIssue& a, const SpanIssue& b) {
  return a.sentence == b.sentence && a.type == b.type && a.given == b.given &&
         a.suggested == b.suggested && a.start == b.start && a.end == b.end &&
         a.label_quality == b.label_quality;
}
}  // namespace labelsieve

namespace {

using labelsieve::BinarySource;
using labelsieve::ErrorCode;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::MemorySource;
using labelsieve::Sentences;
using labelsieve::Span;
using labelsieve::SpanDifference;
using labelsieve::SpanIssue;
using labelsieve::SpanIssues;
using labelsieve::SpanIssueType;
using labelsieve::TagDecoder;
using labelsieve::TagScheme;
using labelsieve::TagSet;
using tasks_test::Corpus;
using tasks_test::Kind;
using test_support::expect_error;
using Names = std::vector<std::string>;
using Spans = std::vector<Span>;

const Names kNames = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
const Names kNamesOfOneType = {"O", "B-X", "I-X", "E-X", "S-X"};

/// A corpus of two classes with only the second column of its probabilities.
Corpus one_column(Corpus corpus) {
  corpus.data.num_classes = 1;
  for (auto& row : corpus.data.pred_probs) row = {row[1]};
  return corpus;
}

TEST(BinarySource, IsTheProblemOfTwoColumns) {
  for (const labelsieve::FloatType type : reference::kAllFloatTypes) {
    Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 3000, 2, 4);
    corpus.data = test_support::rounded_to(type, corpus.data);
    const Corpus column = one_column(corpus);
    // Two columns as the source makes them, in the type that it computes in.
    for (auto& row : corpus.data.pred_probs) {
      row[0] = type == labelsieve::FloatType::kFloat64
                   ? 1 - row[1]
                   : static_cast<double>(1 - static_cast<float>(row[1]));
    }
    if (type == labelsieve::FloatType::kFloat16) {
      corpus.data.type = labelsieve::FloatType::kFloat32;
    }
    const test_support::Stored two(corpus.data);
    auto expected_source = two.source();
    const auto expected = find_token_issues(expected_source, corpus.sentences());
    ASSERT_GT(expected.found.num_issues, 0);
    for (const auto layout :
         {test_support::Layout::kRowMajor, test_support::Layout::kStridedColumns,
          test_support::Layout::kByteSwapped}) {
      const test_support::Stored one(column.data, layout);
      auto blocks = one.blocks(700);
      BinarySource source(blocks);
      const auto found = find_token_issues(source, column.sentences());
      EXPECT_TRUE(reference::same_mask(expected.found.mask, found.found.mask));
      EXPECT_EQ(expected.found.joint.thresholds, found.found.joint.thresholds);
      EXPECT_EQ(labelsieve::label_quality_scores(expected_source),
                labelsieve::label_quality_scores(source));
    }
  }
}

TEST(BinarySource, TakesNestedLists) {
  const std::vector<float> p = {0.9F, 0.1F, 0.8F};
  const std::vector<int64_t> y = {1, 0, 0};
  const std::vector<labelsieve::SentenceView> views = {
      {LabelsView(y.data() + 1, 2), MatrixView(p.data() + 1, 2, 1)},
      {LabelsView(y.data(), 1), MatrixView(p.data(), 1, 1)}};
  labelsieve::SentenceSource lists(views);
  BinarySource source(lists);
  EXPECT_EQ((std::vector<double>{static_cast<double>(1 - 0.1F), static_cast<double>(1 - 0.8F),
                                 static_cast<double>(0.9F)}),
            labelsieve::label_quality_scores(source));
}

TEST(BinarySource, RefusesWhatIsNoProbability) {
  std::vector<double> p = {0.5, 1.25, 0.5};
  const std::vector<int> y = {1, -100, 0};
  LabelsView labels(y.data(), 3);
  MemorySource strict(labels, MatrixView(p.data(), 3, 1));
  BinarySource refused(strict);
  expect_error(ErrorCode::kInvalidData, "label -100",
               [&] { labelsieve::label_quality_scores(refused); });
  labels.ignore_label = -100;
  MemorySource column(labels, MatrixView(p.data(), 3, 1));
  BinarySource source(column);
  EXPECT_TRUE(std::isnan(labelsieve::label_quality_scores(source)[1]));  // not looked at
  p[2] = std::nan("");
  expect_error(ErrorCode::kInvalidData, "row 2", [&] { labelsieve::label_quality_scores(source); });
  MemorySource two(LabelsView(y.data(), 1), MatrixView(p.data(), 1, 2));
  expect_error(ErrorCode::kInvalidArgument, "one column", [&] { BinarySource{two}; });
}

/// Whether a scheme allows a sequence, as find_illegal_tags() sees it.
bool is_legal(const TagSet& tags, const std::vector<int32_t>& labels) {
  const std::vector<int64_t> offsets = {0, static_cast<int64_t>(labels.size())};
  return find_illegal_tags(tags, LabelsView(labels.data(), offsets[1]), Sentences(offsets)).empty();
}

/// The most probable sequence, of all that there are.
std::vector<int32_t> brute_force(const TagSet& tags, const reference::Table& rows) {
  const auto classes = static_cast<int32_t>(tags.num_classes());
  std::vector<int32_t> labels(rows.size());
  std::vector<int32_t> best;
  double best_value = -1;
  while (true) {
    double value = 1;
    for (size_t t = 0; t < rows.size(); ++t) value *= rows[t][static_cast<size_t>(labels[t])];
    if (value > best_value && is_legal(tags, labels)) {
      best_value = value;
      best = labels;
    }
    size_t t = 0;
    while (t < labels.size() && ++labels[t] == classes) labels[t++] = 0;
    if (t == labels.size()) return best;
  }
}

TEST(TagDecoder, FindsTheMostProbableLegalSequence) {
  std::mt19937_64 random(6);
  const std::vector<std::pair<Names, TagScheme>> cases = {{kNames, TagScheme::kIob1},
                                                          {kNames, TagScheme::kIob2},
                                                          {kNamesOfOneType, TagScheme::kIobes},
                                                          {{"O", "A", "B"}, TagScheme::kPlain}};
  for (const auto& [names, scheme] : cases) {
    const TagSet tags(names, scheme);
    TagDecoder decoder(tags);
    for (int repeat = 0; repeat < 200; ++repeat) {
      reference::Table rows(1 + random() % 4, reference::Vector(names.size()));
      decoder.start();
      for (auto& row : rows) {
        for (double& p : row) p = static_cast<double>(1 + random() % 1'000'003) / 1'000'003;
        decoder.add(row.data());
      }
      const auto found = decoder.finish();
      EXPECT_EQ(brute_force(tags, rows), std::vector<int32_t>(found.begin(), found.end()));
    }
  }
}

TEST(TagDecoder, ZerosAndLongSentencesDoNotUnderflow) {
  const TagSet tags(kNames, TagScheme::kIob2);
  TagDecoder decoder(tags);
  decoder.start();
  const std::vector<double> outside = {1, 0, 0, 0, 0};
  const std::vector<double> inside = {0, 0, 1, 0, 0};
  std::vector<int32_t> expected;
  for (int t = 0; t < 5000; ++t) {
    decoder.add(t % 10 < 7 ? outside.data() : inside.data());
    expected.push_back(t % 10 < 7 ? 0 : t % 10 == 7 ? 1 : 2);  // I- needs its B-
  }
  const auto found = decoder.finish();
  EXPECT_EQ(expected, std::vector<int32_t>(found.begin(), found.end()));
  decoder.start();
  EXPECT_TRUE(decoder.finish().empty());
}

/// Every pair of spans looked at, as the definition says it.
std::vector<SpanDifference> naive_alignment(const Spans& given, const Spans& suggested) {
  const auto overlap = [](const Span& a, const Span& b) {
    std::set<int64_t> tokens;
    for (int64_t t = a.start; t < a.end; ++t) {
      if (t >= b.start && t < b.end) tokens.insert(t);
    }
    return tokens.size();
  };
  std::vector<SpanDifference> differences;
  for (const Span& own : given) {
    if (std::count(suggested.begin(), suggested.end(), own) > 0) continue;
    std::optional<Span> best;
    for (const Span& other : suggested) {
      if (overlap(own, other) == 0) continue;
      if (!best || overlap(own, other) > overlap(own, *best) ||
          (overlap(own, other) == overlap(own, *best) && other.type == own.type &&
           best->type != own.type)) {
        best = other;
      }
    }
    const auto type = !best ? SpanIssueType::kSpurious
                      : best->start == own.start && best->end == own.end
                          ? SpanIssueType::kWrongType
                          : SpanIssueType::kWrongBoundary;
    differences.push_back({type, own, best});
  }
  for (const Span& other : suggested) {
    const bool is_new = std::all_of(given.begin(), given.end(),
                                    [&](const Span& own) { return overlap(own, other) == 0; });
    if (is_new) differences.push_back({SpanIssueType::kMissing, std::nullopt, other});
  }
  return differences;
}

TEST(AlignSpans, AsLookingAtEveryPair) {
  std::mt19937_64 random(9);
  const TagSet tags(kNames, TagScheme::kIob2);
  const auto random_spans = [&](int64_t tokens) {
    const auto labels = tasks_test::random_labels(tokens, 5, random);
    return spans_from_labels(tags, LabelsView(labels.data(), tokens));
  };
  for (int repeat = 0; repeat < 3000; ++repeat) {
    const auto tokens = static_cast<int64_t>(random() % 15);
    const Spans given = random_spans(tokens);
    const Spans suggested = random_spans(tokens);
    EXPECT_EQ(naive_alignment(given, suggested), align_spans(given, suggested));
    EXPECT_TRUE(align_spans(given, given).empty());
  }
}

// One sentence for each type of issue, and one without any; the model is sure of what it says.
//   Ann Lee saw Rome | Ann saw Bob | saw the sea | Rome fell | all is well
class FourIssues : public testing::Test {
 protected:
  FourIssues() {
    for (const int32_t label : predicted_) {
      for (int32_t k = 0; k < 5; ++k) p_.push_back(k == label ? 0.92 : 0.02);
    }
  }
  MemorySource source() const {
    LabelsView labels(given_.data(), 15);
    labels.ignore_label = -100;
    return {labels, MatrixView(p_.data(), 15, 5)};
  }
  Sentences sentences() const { return Sentences(offsets_); }
  SpanIssues find(const labelsieve::SpanOptions& options) const {
    auto tokens = source();
    return find_span_issues(tokens, sentences(), tags_, options);
  }

  labelsieve::SpanOptions all_disagreements() const {
    labelsieve::SpanOptions options;
    options.filter.filter_by = labelsieve::FilterBy::kPredictedNeqGiven;
    return options;
  }

  TagSet tags_{kNames, TagScheme::kIob2};
  std::vector<int64_t> offsets_ = {0, 4, 7, 7, 10, 12, 15};
  std::vector<int32_t> given_ = {1, 0, 0, 3, 1, 0, 0, 0, 0, 3, 1, 0, 0, 0, 0};
  std::vector<int32_t> predicted_ = {1, 2, 0, 3, 1, 0, 1, 0, 0, 0, 3, 0, 0, 0, 0};
  std::vector<double> p_;
};

TEST_F(FourIssues, OneOfEachType) {
  const SpanIssues found = find(all_disagreements());
  ASSERT_EQ(4U, found.issues.size());
  EXPECT_EQ((SpanIssue{0, SpanIssueType::kWrongBoundary, Span{0, 1, 0}, Span{0, 2, 0}, 0, 2, 0.02}),
            found.issues[0]);
  EXPECT_EQ((SpanIssue{1, SpanIssueType::kMissing, std::nullopt, Span{2, 3, 0}, 2, 3, 0.02}),
            found.issues[1]);
  EXPECT_EQ((SpanIssue{3, SpanIssueType::kSpurious, Span{2, 3, 1}, std::nullopt, 2, 3, 0.02}),
            found.issues[2]);
  EXPECT_EQ((SpanIssue{4, SpanIssueType::kWrongType, Span{0, 1, 0}, Span{0, 1, 1}, 0, 1, 0.02}),
            found.issues[3]);
  EXPECT_EQ(4, found.tokens.num_issues);
}

TEST_F(FourIssues, ScoresArePooledOverTheSpan) {
  labelsieve::SpanOptions options = all_disagreements();
  options.pooling.method = labelsieve::SentenceMethod::kMean;
  const SpanIssues found = find(options);
  EXPECT_DOUBLE_EQ((0.92 + 0.02) / 2, found.issues.back().label_quality);
  EXPECT_EQ(SpanIssueType::kWrongBoundary, found.issues.back().type);
  options.pooling.method = labelsieve::SentenceMethod::kExpectedErrors;
  EXPECT_EQ(SpanIssueType::kWrongBoundary, find(options).issues.front().type);
  options.pooling.temperature = -1;
  expect_error(ErrorCode::kInvalidArgument, "temperature", [&] { find(options); });
}

TEST_F(FourIssues, OnlySpansWithAFlaggedToken) {
  given_[6] = -100;  // Bob
  given_[9] = -100;  // the sea
  const SpanIssues found = find(all_disagreements());
  ASSERT_EQ(2U, found.issues.size());
  EXPECT_EQ(0, found.issues[0].sentence);
  EXPECT_EQ(4, found.issues[1].sentence);
}

TEST_F(FourIssues, GivenSpansHaveScores) {
  auto tokens = source();
  const auto scores = labelsieve::label_quality_scores(tokens);
  const auto spans = score_spans(tags_, LabelsView(given_.data(), 15), sentences(), scores);
  ASSERT_EQ(5U, spans.size());
  EXPECT_EQ(0, spans[0].sentence);
  EXPECT_EQ((Span{0, 1, 0}), spans[0].span);
  EXPECT_DOUBLE_EQ(0.92, spans[0].label_quality);
  EXPECT_EQ(3, spans[3].sentence);
  EXPECT_DOUBLE_EQ(0.02, spans[3].label_quality);
}

TEST_F(FourIssues, RefusesWhatDoesNotFit) {
  const TagSet few(Names{"O", "B", "I"}, TagScheme::kIob2);
  auto tokens = source();
  expect_error(ErrorCode::kInvalidArgument, "3 classes",
               [&] { find_span_issues(tokens, sentences(), few); });
  offsets_.back() = 16;
  expect_error(ErrorCode::kInvalidArgument, "16 tokens", [&] { find({}); });
  offsets_.back() = 15;
  p_[7] = -1;
  expect_error(ErrorCode::kInvalidData, "(sentence 0, token 1)", [&] { find({}); });
}

// Sentences that blocks cut anywhere, many times over, on any number of threads.
TEST(FindSpanIssues, BlocksAndThreadsNeverMatter) {
  for (const labelsieve::FloatType type : reference::kAllFloatTypes) {
    Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 4000, 5, 12);
    corpus.data = test_support::rounded_to(type, corpus.data);
    const test_support::Stored stored(corpus.data);
    const TagSet tags(kNames, TagScheme::kIob2);
    labelsieve::SpanOptions options;
    options.filter.execution.num_threads = 1;
    auto whole = stored.source();
    const auto expected = find_span_issues(whole, corpus.sentences(), tags, options).issues;
    ASSERT_GT(expected.size(), 20U);
    for (const int64_t block_rows : {1, 2, 5, 300, 5000}) {
      options.filter.execution.num_threads = static_cast<int>(block_rows % 4);
      auto blocks = stored.blocks(block_rows);
      const auto found = find_span_issues(blocks, corpus.sentences(), tags, options).issues;
      EXPECT_EQ(expected, found) << block_rows;
    }
  }
}

// What the issues of a sentence have to be, from the definition: decoded, formed, aligned, chosen.
TEST(FindSpanIssues, FollowTheDefinition) {
  const Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 1200, 5, 13);
  const test_support::Stored stored(corpus.data);
  const TagSet tags(kNames, TagScheme::kIob2);
  auto source = stored.source();
  const SpanIssues found = find_span_issues(source, corpus.sentences(), tags);
  const auto mask = reference::label_issues(corpus.data, {});
  std::vector<SpanIssue> expected;
  for (int64_t s = 0; s < corpus.sentences().size(); ++s) {
    const int64_t first = corpus.sentences().start(s);
    const int64_t length = corpus.sentences().length(s);
    if (length > 4) continue;  // too many sequences to try
    const reference::Table rows(corpus.data.pred_probs.begin() + first,
                                corpus.data.pred_probs.begin() + first + length);
    if (rows.empty()) continue;
    const auto labels = brute_force(tags, rows);
    const Spans given =
        spans_from_labels(tags, LabelsView(corpus.data.labels.data() + first, length));
    for (const auto& d :
         naive_alignment(given, spans_from_labels(tags, LabelsView(labels.data(), length)))) {
      SpanIssue issue{s, d.type, d.given, d.suggested, length, 0, 1};
      for (const auto& span : {d.given, d.suggested}) {
        if (!span) continue;
        issue.start = std::min(issue.start, span->start);
        issue.end = std::max(issue.end, span->end);
      }
      bool flagged = false;
      for (int64_t t = issue.start; t < issue.end; ++t) {
        const auto i = static_cast<size_t>(first + t);
        flagged = flagged || mask[i] != 0;
        issue.label_quality =
            std::min(issue.label_quality,
                     corpus.data.pred_probs[i][static_cast<size_t>(corpus.data.labels[i])]);
      }
      if (flagged) expected.push_back(issue);
    }
  }
  ASSERT_GT(expected.size(), 10U);
  std::vector<SpanIssue> short_ones;
  for (const SpanIssue& issue : found.issues) {
    if (corpus.sentences().length(issue.sentence) <= 4) short_ones.push_back(issue);
  }
  EXPECT_EQ(expected.size(), short_ones.size());
  for (const SpanIssue& issue : expected) {
    EXPECT_EQ(1, std::count(short_ones.begin(), short_ones.end(), issue));
  }
  EXPECT_TRUE(std::is_sorted(found.issues.begin(), found.issues.end(),
                             [](const SpanIssue& a, const SpanIssue& b) {
                               return std::tuple(a.label_quality, a.sentence, a.start) <
                                      std::tuple(b.label_quality, b.sentence, b.start);
                             }));
}

}  // namespace
