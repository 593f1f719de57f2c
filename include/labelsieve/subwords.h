// From the sub-words of a tokenizer to the words of a corpus.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/sentences.h"

namespace labelsieve {

/// How the probabilities of a word's sub-words become one row.
enum class SubwordPooling : uint8_t {
  kFirst,  ///< Those of the first sub-word.
  kMean,   ///< Their mean, class by class.
  kMax,    ///< The highest of each class, divided by their sum.
};

/// The word id of special tokens, which belong to no word.
inline constexpr int64_t kNoWord = -1;

/// The label of a word that has none; to be the ignore_label of a view of the words' labels.
inline constexpr int32_t kNoLabel = -100;

/// Sub-words of some sentences, borrowed.
struct SubwordView {
  MatrixView pred_probs;               ///< Sub-words by classes.
  std::span<const int64_t> word_ids;   ///< One per sub-word: the word's place in its sentence, from
                                       ///< 0 and never falling within a sentence, or kNoWord.
  std::span<const int64_t> offsets;    ///< Where the sentences begin among the sub-words (S + 1).
  std::span<const int64_t> num_words;  ///< Words of every sentence (S); empty: to the highest id.
};

struct PoolOptions {
  // Parameters that affect the answer.
  SubwordPooling pooling = SubwordPooling::kFirst;

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// Words with their own memory. A word without any sub-word keeps its place; its probabilities are
/// NaN, its label has to be ignored.
struct PooledWords {
  int64_t num_classes = 0;
  FloatType type = FloatType::kFloat32;  ///< kFloat64 for such sub-words, else kFloat32.
  std::vector<float> floats;             ///< The matrix in the one or the other.
  std::vector<double> doubles;
  std::vector<int64_t> offsets;  ///< Where the sentences begin among the words (S + 1).
  std::vector<int64_t>
      first_subword;  ///< Of every word among all sub-words; -1 where there is none.

  /// Words by classes; valid as long as this.
  MatrixView pred_probs() const;
};

/// Pools probabilities; the arithmetic is in double precision. Throws Error{kInvalidData} naming
/// sentence and token for an id that falls, is below -1 or beyond num_words, and when lengths
/// differ. Special tokens are not looked at; other probabilities are not checked here. Cost: one
/// pass, N·K numbers of new memory.
PooledWords pool_words(const SubwordView& subwords, const PoolOptions& options = {});

/// The label of each pooled word: the first of its sub-words' labels that is not ignored, else
/// kNoLabel. `labels` has one per sub-word, each in 0..K-1 or its ignore_label.
std::vector<int32_t> pool_word_labels(const LabelsView& labels, const SubwordView& subwords,
                                      const PooledWords& words);

}  // namespace labelsieve
