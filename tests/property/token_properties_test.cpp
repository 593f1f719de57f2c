// What must hold for every corpus: the order of sentences, padding, and how files split it never
// matter.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "labelsieve/span_classification.h"
#include "labelsieve/token_classification.h"
#include "property/any.h"
#include "reference/compare.h"
#include "support/sources.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::PaddedTokens;
using labelsieve::SentenceMethod;
using labelsieve::Sentences;
using labelsieve::SentenceSource;
using labelsieve::SpanIssue;
using labelsieve::SpanOptions;
using labelsieve::TagScheme;
using labelsieve::TagSet;
using test_support::check;
using test_support::Data;
using test_support::Stored;
using Indices = std::vector<int64_t>;

const std::vector<std::string> kNames = {"O", "B-A", "I-A", "B-B", "I-B"};

struct Corpus {
  Data data;
  Indices lengths;

  Indices offsets() const { return labelsieve::offsets_from_lengths(lengths); }
};

Corpus any_corpus() {
  Corpus corpus;
  corpus.lengths = *rc::gen::container<Indices>(*rc::gen::inRange<size_t>(1, 60),
                                                rc::gen::inRange<int64_t>(0, 9));
  corpus.lengths.push_back(1);  // at least one token
  const auto kind = *rc::gen::elementOf(std::vector<test_support::Kind>(
      std::begin(test_support::kAllKinds), std::end(test_support::kAllKinds)));
  const int64_t tokens = std::accumulate(corpus.lengths.begin(), corpus.lengths.end(), int64_t{0});
  corpus.data = test_support::make_data(kind, tokens, static_cast<int64_t>(kNames.size()),
                                        *rc::gen::arbitrary<uint64_t>());
  return corpus;
}

/// The sentences in the order of `order`.
Corpus reordered(const Corpus& corpus, const Indices& order) {
  const Indices offsets = corpus.offsets();
  Corpus moved;
  Indices tokens;
  for (const int64_t s : order) {
    moved.lengths.push_back(corpus.lengths[static_cast<size_t>(s)]);
    for (int64_t i = offsets[static_cast<size_t>(s)]; i < offsets[static_cast<size_t>(s) + 1];
         ++i) {
      tokens.push_back(i);
    }
  }
  moved.data = test_support::selected(corpus.data, tokens);
  return moved;
}

/// Everything about a span issue, its sentence renamed.
std::vector<std::tuple<double, int64_t, int64_t, int64_t, int>> facts(
    const std::vector<SpanIssue>& issues, const Indices& sentence_names) {
  std::vector<std::tuple<double, int64_t, int64_t, int64_t, int>> all;
  for (const SpanIssue& issue : issues) {
    all.emplace_back(issue.label_quality, sentence_names[static_cast<size_t>(issue.sentence)],
                     issue.start, issue.end, static_cast<int>(issue.type));
  }
  std::sort(all.begin(), all.end());
  return all;
}

TEST(TokenProperty, TheOrderOfSentencesMovesScoresAndIssuesWithThem) {
  check("sentences", [] {
    const Corpus corpus = any_corpus();
    Indices order(corpus.lengths.size());
    std::iota(order.begin(), order.end(), 0);
    Indices names = order;
    const auto shift = *rc::gen::inRange<size_t>(0, order.size());
    std::rotate(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(shift), order.end());
    std::reverse(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(order.size() / 2));
    const Corpus moved = reordered(corpus, order);
    const Indices offsets = corpus.offsets();
    const Indices moved_offsets = moved.offsets();
    const Stored stored(corpus.data);
    const Stored moved_stored(moved.data);
    auto source = stored.source();
    auto moved_source = moved_stored.source();
    for (const SentenceMethod method : {SentenceMethod::kMin, SentenceMethod::kSoftmin,
                                        SentenceMethod::kMean, SentenceMethod::kExpectedErrors}) {
      const auto a = sentence_scores(labelsieve::label_quality_scores(source), Sentences(offsets),
                                     {.method = method});
      const auto b = sentence_scores(labelsieve::label_quality_scores(moved_source),
                                     Sentences(moved_offsets), {.method = method});
      for (size_t s = 0; s < order.size(); ++s) {
        RC_ASSERT(a[static_cast<size_t>(order[s])] == b[s]);  // to the last bit
      }
    }
    // A filter without ties between examples.
    const TagSet tags(kNames, TagScheme::kIob2);
    SpanOptions options;
    options.filter.filter_by = FilterBy::kConfidentLearning;
    const auto a = find_span_issues(source, Sentences(offsets), tags, options);
    const auto b = find_span_issues(moved_source, Sentences(moved_offsets), tags, options);
    RC_ASSERT(facts(a.issues, names) == facts(b.issues, order));
  });
}

TEST(TokenProperty, SplittingACorpusNeverMatters) {
  check("blocks", [] {
    const Corpus corpus = any_corpus();
    const Indices offsets = corpus.offsets();
    const Stored stored(corpus.data);
    auto source = stored.source();
    auto blocks = stored.blocks(*rc::gen::inRange<int64_t>(1, 200));
    const auto a = find_token_issues(source, Sentences(offsets));
    const auto b = find_token_issues(blocks, Sentences(offsets));
    RC_ASSERT(a.found.mask == b.found.mask);
    RC_ASSERT(a.issues.size() == b.issues.size());
    for (size_t r = 0; r < a.issues.size(); ++r) {
      RC_ASSERT(a.issues[r].position == b.issues[r].position);
      RC_ASSERT(a.issues[r].example.label_quality == b.issues[r].example.label_quality);
    }
  });
}

TEST(TokenProperty, PaddingNeverMatters) {
  check("padding", [] {
    const Corpus corpus = any_corpus();
    const Indices offsets = corpus.offsets();
    const int64_t places = *rc::gen::inRange<int64_t>(8, 20);
    const size_t classes = kNames.size();
    std::vector<int64_t> labels;
    std::vector<double> rows;
    std::vector<uint8_t> mask;
    for (size_t s = 0; s < corpus.lengths.size(); ++s) {
      for (int64_t t = 0; t < places; ++t) {
        const bool valid = t < corpus.lengths[s];
        const auto i = static_cast<size_t>(offsets[s] + t);
        mask.push_back(valid);
        labels.push_back(valid ? corpus.data.labels[i] : 1000);
        const std::vector<double> padding(classes, -3);
        const auto& row = valid ? corpus.data.pred_probs[i] : padding;
        rows.insert(rows.end(), row.begin(), row.end());
      }
    }
    PaddedTokens tokens;
    tokens.num_sentences = static_cast<int64_t>(corpus.lengths.size());
    tokens.labels = labelsieve::LabelsView(labels.data(), places);
    tokens.labels_stride = places * 8;
    tokens.pred_probs = labelsieve::MatrixView(rows.data(), places, static_cast<int64_t>(classes));
    tokens.pred_probs_stride = places * static_cast<int64_t>(classes) * 8;
    const Stored stored(corpus.data);
    auto source = stored.source();
    const auto expected = find_token_issues(source, Sentences(offsets));
    SentenceSource by_length = SentenceSource::padded(tokens, corpus.lengths);
    SentenceSource by_mask = SentenceSource::masked(tokens, mask);
    for (SentenceSource* padded : {&by_length, &by_mask}) {
      const auto found = find_token_issues(*padded, padded->sentences());
      RC_ASSERT(expected.found.mask == found.found.mask);
      RC_ASSERT(expected.found.joint.thresholds == found.found.joint.thresholds);
    }
  });
}

}  // namespace
