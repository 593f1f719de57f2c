// From sub-words to words.
#include "labelsieve/subwords.h"

#include <gtest/gtest.h>

#include <cmath>
#include <random>

#include "reference/compare.h"
#include "support/errors.h"
#include "tasks/corpus.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::FloatType;
using labelsieve::kNoLabel;
using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::PooledWords;
using labelsieve::SubwordPooling;
using labelsieve::SubwordView;
using test_support::expect_error;
using Ids = std::vector<int64_t>;

// Two sentences as a tokenizer makes them: [CLS] a b ##b [SEP], then [CLS] c ##c ##c [SEP] where
// word 1 of 3 got no sub-word and word 2 was cut off.
class Subwords : public testing::Test {
 protected:
  SubwordView view() const { return {MatrixView(p_.data(), 10, 2), ids_, offsets_, num_words_}; }
  std::vector<double> pooled(SubwordPooling pooling) const {
    return pool_words(view(), {.pooling = pooling}).doubles;
  }

  std::vector<double> p_ = {9.0,  9.0,  0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 9.0, 9.0,
                            -1.0, -1.0, 1.0,  0.0,  0.5, 0.5, 0.0,  1.0,  9.0, 9.0};
  Ids ids_ = {-1, 0, 1, 1, -1, -1, 0, 0, 0, -1};
  Ids offsets_ = {0, 5, 10};
  Ids num_words_ = {};
};

TEST_F(Subwords, FirstMeanMax) {
  EXPECT_EQ((std::vector<double>{0.75, 0.25, 0.5, 0.5, 1, 0}), pooled(SubwordPooling::kFirst));
  EXPECT_EQ((std::vector<double>{0.75, 0.25, 0.375, 0.625, 0.5, 0.5}),
            pooled(SubwordPooling::kMean));
  EXPECT_EQ((std::vector<double>{0.75, 0.25, 0.4, 0.6, 0.5, 0.5}), pooled(SubwordPooling::kMax));
  const PooledWords words = pool_words(view());
  EXPECT_EQ((Ids{0, 2, 3}), words.offsets);
  EXPECT_EQ((Ids{1, 2, 6}), words.first_subword);
  EXPECT_EQ(words.doubles.data(), words.pred_probs().data);
  EXPECT_EQ(3, words.pred_probs().rows);
}

TEST_F(Subwords, WordsWithoutSubwordsKeepTheirPlace) {
  num_words_ = {2, 3};
  const PooledWords words = pool_words(view());
  EXPECT_EQ((Ids{0, 2, 5}), words.offsets);
  EXPECT_EQ((Ids{1, 2, 6, -1, -1}), words.first_subword);
  EXPECT_TRUE(std::isnan(words.doubles[6]));
  const std::vector<int> labels = {-100, 1, 0, -100, -100, -100, -100, 1, 0, -100};
  LabelsView labels_view(labels.data(), 10);
  labels_view.ignore_label = -100;
  EXPECT_EQ((std::vector<int32_t>{1, 0, 1, kNoLabel, kNoLabel}),
            pool_word_labels(labels_view, view(), words));
}

TEST_F(Subwords, NotANumberStaysOne) {
  p_[7] = std::nan("");
  for (const SubwordPooling pooling : {SubwordPooling::kMean, SubwordPooling::kMax}) {
    EXPECT_TRUE(std::isnan(pooled(pooling)[3]));
  }
  p_[7] = 0.75;
  p_[5] = std::nan("");
  EXPECT_TRUE(std::isnan(pooled(SubwordPooling::kMax)[3]));
}

TEST_F(Subwords, RefusesIdsThatMakeNoSense) {
  ids_[8] = 1;
  ids_[9] = 0;
  expect_error(ErrorCode::kInvalidData, "sentence 1, token 4", [&] { pool_words(view()); });
  ids_[9] = -2;
  expect_error(ErrorCode::kInvalidData, "word id -2", [&] { pool_words(view()); });
  ids_[9] = -1;
  num_words_ = {2, 1};
  expect_error(ErrorCode::kInvalidData, "beyond the 1 words", [&] { pool_words(view()); });
  num_words_ = {2};
  expect_error(ErrorCode::kInvalidData, "1 numbers of words for 2", [&] { pool_words(view()); });
  num_words_ = {2, -1};
  expect_error(ErrorCode::kInvalidData, "negative", [&] { pool_words(view()); });
  num_words_ = {};
  ids_[8] = int64_t{1} << 40;
  expect_error(ErrorCode::kInvalidData, "far beyond", [&] { pool_words(view()); });
  ids_.pop_back();
  expect_error(ErrorCode::kInvalidData, "9 word ids", [&] { pool_words(view()); });
}

// Against loops over words, for every width, any layout and any number of threads.
TEST(SubwordsOfACorpus, AsNaiveLoops) {
  const auto corpus = tasks_test::make_corpus(tasks_test::Kind::kRandom, 6000, 4, 8);
  std::mt19937_64 random(8);
  Ids ids;
  for (int64_t s = 0; s < corpus.sentences().size(); ++s) {
    int64_t word = -1;
    for (int64_t t = 0; t < corpus.sentences().length(s); ++t) {
      if (word < 0 || random() % 3 != 0) word += 1 + static_cast<int64_t>(random() % 8 == 0);
      ids.push_back(random() % 6 == 0 ? -1 : word);
    }
  }
  for (const FloatType type : reference::kAllFloatTypes) {
    const auto data = test_support::rounded_to(type, corpus.data);
    const test_support::Stored stored(data, test_support::Layout::kColumnMajor);
    const SubwordView view{stored.matrix.view(), ids, corpus.offsets, {}};
    for (const int threads : {1, 3}) {
      labelsieve::PoolOptions options{.pooling = SubwordPooling::kMean};
      options.execution.num_threads = threads;
      const PooledWords words = pool_words(view, options);
      ASSERT_EQ(type == FloatType::kFloat64, words.type == FloatType::kFloat64);
      for (int64_t s = 0; s < corpus.sentences().size(); ++s) {
        for (int64_t w = words.offsets[s]; w < words.offsets[s + 1]; ++w) {
          for (size_t k = 0; k < 4; ++k) {
            double sum = 0;
            double count = 0;
            for (int64_t i = corpus.offsets[s]; i < corpus.offsets[s + 1]; ++i) {
              if (ids[i] != w - words.offsets[s]) continue;
              sum += data.pred_probs[i][k];
              ++count;
            }
            const size_t at = static_cast<size_t>(w) * 4 + k;
            const double actual =
                words.doubles.empty() ? static_cast<double>(words.floats[at]) : words.doubles[at];
            if (count == 0) {
              EXPECT_TRUE(std::isnan(actual));
            } else if (words.doubles.empty()) {
              EXPECT_EQ(static_cast<float>(sum / count), static_cast<float>(actual));
            } else {
              EXPECT_EQ(sum / count, actual);
            }
          }
        }
      }
    }
  }
}

}  // namespace
