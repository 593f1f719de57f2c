// Offsets of sentences, and sources of nested lists and padded arrays.
#include "labelsieve/sentences.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "labelsieve/filter.h"
#include "reference/compare.h"
#include "support/errors.h"
#include "tasks/corpus.h"

namespace {

using labelsieve::Block;
using labelsieve::ErrorCode;
using labelsieve::FloatType;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::PaddedTokens;
using labelsieve::Sentences;
using labelsieve::SentenceSource;
using labelsieve::SentenceView;
using labelsieve::TokenPosition;
using tasks_test::Corpus;
using tasks_test::Kind;
using test_support::expect_error;
using Offsets = std::vector<int64_t>;

TEST(Sentences, PositionsSkipEmptySentences) {
  const Offsets offsets = {0, 0, 2, 2, 2, 5, 5};
  const Sentences sentences(offsets);
  EXPECT_EQ(6, sentences.size());
  EXPECT_EQ(5, sentences.num_tokens());
  EXPECT_EQ(3, sentences.length(4));
  const std::vector<TokenPosition> expected = {{1, 0}, {1, 1}, {4, 0}, {4, 1}, {4, 2}};
  for (int64_t i = 0; i < 5; ++i) {
    EXPECT_EQ(expected[static_cast<size_t>(i)], sentences.position(i));
    EXPECT_EQ(i, sentences.index(sentences.position(i)));
  }
}

TEST(Sentences, RefusesOffsetsThatAreNone) {
  for (const Offsets& offsets : {Offsets{}, Offsets{1, 2}}) {
    expect_error(ErrorCode::kInvalidData, "begin with 0", [&] { Sentences{offsets}; });
  }
  const Offsets falling = {0, 3, 2};
  expect_error(ErrorCode::kInvalidData, "sentence 1", [&] { Sentences{falling}; });
  const Offsets lengths = {1, -1};
  expect_error(ErrorCode::kInvalidData, "sentence 1",
               [&] { labelsieve::offsets_from_lengths(lengths); });
}

TEST(Sentences, DifferentLengthsNameTheSentence) {
  const Offsets a = {0, 2, 5};
  const Offsets b = {0, 2, 4};
  expect_error(ErrorCode::kInvalidData, "sentence 1 has 3 labels and 2 rows",
               [&] { check_same_lengths(Sentences(a), Sentences(b)); });
  const Offsets c = {0, 2};
  expect_error(ErrorCode::kInvalidData, "2 sentences of labels and 1",
               [&] { check_same_lengths(Sentences(a), Sentences(c)); });
  check_same_lengths(Sentences(a), Sentences(a));
}

/// What a source delivers, widened.
struct Delivered {
  std::vector<int64_t> labels;
  std::vector<double> pred_probs;
  int blocks = 0;
};

Delivered read(SentenceSource& source) {
  Delivered all;
  source.reset();
  for (Block block; source.next(block); ++all.blocks) {
    EXPECT_EQ(static_cast<int64_t>(all.labels.size()), block.first_row);
    EXPECT_EQ(block.labels.size, block.pred_probs.rows);
    const auto* labels = static_cast<const std::byte*>(block.labels.data);
    for (int64_t i = 0; i < block.labels.size; ++i) {
      const auto* label = labels + i * block.labels.stride;
      all.labels.push_back(block.labels.type == labelsieve::IntType::kInt32
                               ? *reinterpret_cast<const int32_t*>(label)
                               : *reinterpret_cast<const int64_t*>(label));
      for (int64_t k = 0; k < block.pred_probs.columns; ++k) {
        const auto* element = static_cast<const std::byte*>(block.pred_probs.data) +
                              i * block.pred_probs.row_stride + k * block.pred_probs.column_stride;
        all.pred_probs.push_back(*reinterpret_cast<const double*>(element));
      }
    }
  }
  return all;
}

/// The sentences one by one, each in memory of its own.
struct NestedLists {
  explicit NestedLists(const Corpus& corpus, test_support::Layout layout) {
    const Sentences sentences = corpus.sentences();
    for (int64_t s = 0; s < sentences.size(); ++s) {
      std::vector<int64_t> rows;
      for (int64_t i = sentences.start(s); i < sentences.end(s); ++i) rows.push_back(i);
      stored.emplace_back(test_support::selected(corpus.data, rows), layout);
    }
    for (const auto& one : stored) views.push_back({one.labels.view(), one.matrix.view()});
  }

  std::vector<test_support::Stored> stored;
  std::vector<SentenceView> views;
};

TEST(SentenceSource, NestedListsAreTheFlattenedTokens) {
  const Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 9000, 80, 1);  // more than a buffer
  for (const auto layout : {test_support::Layout::kRowMajor, test_support::Layout::kColumnMajor,
                            test_support::Layout::kPaddedRows}) {
    const NestedLists lists(corpus, layout);
    SentenceSource source(lists.views);
    EXPECT_EQ(corpus.offsets,
              Offsets(source.sentences().offsets().begin(), source.sentences().offsets().end()));
    const Delivered all = read(source);
    EXPECT_EQ(corpus.data.labels, all.labels);
    EXPECT_EQ(reference::flat(corpus.data.pred_probs), all.pred_probs);
    EXPECT_GT(all.blocks, 1);
    EXPECT_LT(all.blocks, 5);
  }
}

TEST(SentenceSource, OneArrayIsOneBlockWithoutACopy) {
  const Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 500, 4, 2);
  const test_support::Stored stored(corpus.data);
  std::vector<SentenceView> views;
  for (int64_t s = 0; s < corpus.sentences().size(); ++s) {
    const auto start = corpus.sentences().start(s);
    const auto length = corpus.sentences().length(s);
    views.push_back(
        {stored.labels.view().slice(start, length), stored.matrix.view().slice(start, length)});
  }
  SentenceSource source(views);
  Block block;
  ASSERT_TRUE(source.next(block));
  EXPECT_EQ(stored.matrix.view().data, block.pred_probs.data);
  EXPECT_EQ(500, block.pred_probs.rows);
  EXPECT_FALSE(source.next(block));
}

TEST(SentenceSource, FloatTypesMayDiffer) {
  const std::vector<float> narrow = {0.25F, 0.75F};
  const std::vector<double> wide = {0.5, 0.5};
  const std::vector<int8_t> small = {1};
  const std::vector<int64_t> large = {-100};
  LabelsView ignored(large.data(), 1);
  ignored.ignore_label = -100;
  const std::vector<SentenceView> views = {
      {LabelsView(small.data(), 1), MatrixView(narrow.data(), 1, 2)},
      {ignored, MatrixView(wide.data(), 1, 2)},
      {LabelsView(small.data(), 1), MatrixView(narrow.data(), 1, 2)}};
  SentenceSource source(views);
  const auto scores = labelsieve::label_quality_scores(source);
  EXPECT_EQ(0.75, scores[0]);
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_EQ(0.75, scores[2]);
}

TEST(SentenceSource, RefusesSentencesByNumber) {
  const std::vector<double> p(6, 0.5);
  const std::vector<int64_t> y = {0, 1, 0};
  const SentenceView fine{LabelsView(y.data(), 2), MatrixView(p.data(), 2, 2)};
  const auto make = [&](const SentenceView& second) {
    const std::vector<SentenceView> views = {fine, second};
    SentenceSource source(views);
  };
  expect_error(ErrorCode::kInvalidData, "sentence 1 has 3 labels and 2 rows",
               [&] { make({LabelsView(y.data(), 3), MatrixView(p.data(), 2, 2)}); });
  expect_error(ErrorCode::kInvalidData, "sentence 1 has 3 columns",
               [&] { make({LabelsView(y.data(), 2), MatrixView(p.data(), 2, 3)}); });
  make({LabelsView(y.data(), 0), MatrixView(p.data(), 0, 0)});  // empty lists have no columns
  expect_error(ErrorCode::kInvalidData, "no tokens", [] { SentenceSource{{}}; });
}

/// The corpus in S x T places; those without a token hold labels and numbers that would be refused.
struct PaddedCorpus {
  explicit PaddedCorpus(const Corpus& corpus, int64_t num_places) : places(num_places) {
    const Sentences sentences = corpus.sentences();
    const auto classes = static_cast<size_t>(corpus.data.num_classes);
    for (int64_t s = 0; s < sentences.size(); ++s) {
      lengths.push_back(sentences.length(s));
      for (int64_t t = 0; t < places; ++t) {
        const bool valid = t < sentences.length(s);
        const auto i = static_cast<size_t>(sentences.start(s) + t);
        mask.push_back(valid);
        labels.push_back(valid ? static_cast<int32_t>(corpus.data.labels[i]) : 99);
        const std::vector<double> nan(classes, std::numeric_limits<double>::quiet_NaN());
        const std::vector<double>& row = valid ? corpus.data.pred_probs[i] : nan;
        pred_probs.insert(pred_probs.end(), row.begin(), row.end());
      }
    }
    tokens.num_sentences = sentences.size();
    tokens.labels = LabelsView(labels.data(), places);
    tokens.labels_stride = places * 4;
    tokens.pred_probs = MatrixView(pred_probs.data(), places, corpus.data.num_classes);
    tokens.pred_probs_stride = places * corpus.data.num_classes * 8;
  }

  int64_t places;
  std::vector<int64_t> lengths;
  std::vector<uint8_t> mask;
  std::vector<int32_t> labels;
  std::vector<double> pred_probs;
  PaddedTokens tokens;
};

TEST(SentenceSource, PaddingNeverMatters) {
  const Corpus corpus = tasks_test::make_corpus(Kind::kNoisy, 700, 5, 3);
  const test_support::Stored stored(corpus.data);
  auto flat = stored.source();
  const auto expected = labelsieve::find_label_issues(flat);
  ASSERT_GT(expected.num_issues, 0);
  for (const int64_t places : {12, 13, 40}) {
    const PaddedCorpus padded(corpus, places);
    SentenceSource by_length = SentenceSource::padded(padded.tokens, padded.lengths);
    SentenceSource by_mask = SentenceSource::masked(padded.tokens, padded.mask);
    for (SentenceSource* source : {&by_length, &by_mask}) {
      EXPECT_EQ(corpus.offsets, Offsets(source->sentences().offsets().begin(),
                                        source->sentences().offsets().end()));
      const auto found = labelsieve::find_label_issues(*source);
      EXPECT_TRUE(reference::same_mask(expected.mask, found.mask));
      EXPECT_EQ(expected.joint.thresholds, found.joint.thresholds);
    }
  }
}

TEST(SentenceSource, MaskedPlacesInsideKeepTheirPosition) {
  const std::vector<double> p = {0.9, 0.1, 7.0, 7.0, 0.2, 0.8, 7.0, 7.0,
                                 7.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0, 7.0};
  const std::vector<int16_t> y = {0, -7, 1, -7, -7, -7, -7, -7};
  PaddedTokens tokens;
  tokens.num_sentences = 2;
  tokens.labels = LabelsView(y.data(), 4);
  tokens.labels_stride = 8;
  tokens.pred_probs = MatrixView(p.data(), 4, 2);
  tokens.pred_probs_stride = 64;
  const std::vector<uint8_t> mask = {1, 0, 1, 0, 0, 0, 0, 0};
  SentenceSource source = SentenceSource::masked(tokens, mask);
  EXPECT_EQ(3, source.num_rows());
  EXPECT_EQ(0, source.sentences().length(1));
  const auto scores = labelsieve::label_quality_scores(source);
  EXPECT_EQ(0.9, scores[0]);
  EXPECT_TRUE(std::isnan(scores[1]));
  EXPECT_EQ(0.8, scores[2]);
}

TEST(SentenceSource, RefusesLengthsAndMasksThatDoNotFit) {
  const std::vector<double> p(4, 0.5);
  const std::vector<int64_t> y = {0, 1};
  PaddedTokens tokens;
  tokens.num_sentences = 1;
  tokens.labels = LabelsView(y.data(), 2);
  tokens.pred_probs = MatrixView(p.data(), 2, 2);
  const std::vector<int64_t> lengths = {3};
  const std::vector<int64_t> two = {1, 1};
  const std::vector<uint8_t> mask = {1};
  expect_error(ErrorCode::kInvalidArgument, "sentence 0",
               [&] { SentenceSource::padded(tokens, lengths); });
  expect_error(ErrorCode::kInvalidArgument, "2 lengths for 1",
               [&] { SentenceSource::padded(tokens, two); });
  expect_error(ErrorCode::kInvalidArgument, "mask", [&] { SentenceSource::masked(tokens, mask); });
  tokens.labels.size = 1;
  expect_error(ErrorCode::kInvalidArgument, "places",
               [&] { SentenceSource::padded(tokens, lengths); });
}

}  // namespace
