// Sentences: ragged views of token data, flattened, one by one or padded, all without a copy.
//
// The tokens of all sentences, one after another, are the examples of a classification Source:
// whatever takes a Source takes them. A Sentences beside it says where each sentence begins. Labels
// that are to be left out (often -100) are LabelsView::ignore_label.
#pragma once

#include <compare>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/source.h"

namespace labelsieve {

/// A token by its sentence and its place there, both from 0.
struct TokenPosition {
  int64_t sentence = 0;
  int64_t token = 0;

  friend auto operator<=>(const TokenPosition&, const TokenPosition&) = default;
};

/// Where sentences begin and end among the flattened tokens; borrowed, the caller keeps the offsets
/// alive. Sentence s has the tokens [offsets[s], offsets[s + 1]) and may be empty.
class Sentences {
 public:
  /// `offsets` has one element more than there are sentences; the first is 0 and none is below the
  /// one before it. Throws Error{kInvalidData} otherwise. Cost: one look at each.
  explicit Sentences(std::span<const int64_t> offsets);

  int64_t size() const { return static_cast<int64_t>(offsets_.size()) - 1; }
  int64_t num_tokens() const { return offsets_.back(); }
  int64_t start(int64_t sentence) const { return offsets_[static_cast<size_t>(sentence)]; }
  int64_t end(int64_t sentence) const { return offsets_[static_cast<size_t>(sentence) + 1]; }
  int64_t length(int64_t sentence) const { return end(sentence) - start(sentence); }
  std::span<const int64_t> offsets() const { return offsets_; }

  /// The sentence and place of a flattened token, 0 <= index < num_tokens(). Cost: O(log size()).
  TokenPosition position(int64_t index) const;

  /// The flattened token at a position.
  int64_t index(const TokenPosition& position) const {
    return start(position.sentence) + position.token;
  }

 private:
  std::span<const int64_t> offsets_;
};

/// The offsets of sentences of these lengths. Throws Error{kInvalidData} for a negative length.
std::vector<int64_t> offsets_from_lengths(std::span<const int64_t> lengths);

/// Throws Error{kInvalidData} naming the first sentence that has not as many labels as rows of
/// probabilities, or when the numbers of sentences differ.
void check_same_lengths(const Sentences& labels, const Sentences& pred_probs);

/// One sentence: as many labels as rows of probabilities.
struct SentenceView {
  LabelsView labels;
  MatrixView pred_probs;  ///< Tokens by classes.
};

/// Sentences in a padded array of S x T places. Each view is that of the first sentence; the others
/// follow at a fixed distance, in bytes.
struct PaddedTokens {
  int64_t num_sentences = 0;  ///< S
  LabelsView labels;          ///< T labels.
  int64_t labels_stride = 0;  ///< From one sentence to the next.
  MatrixView pred_probs;      ///< T x K.
  int64_t pred_probs_stride = 0;
};

/// Tokens of sentences that are not one array: every sentence its own (nested lists), or padded.
///
/// Sentences that follow each other in memory are delivered as they are, others through a buffer
/// of a few megabytes, never as a copy of the matrix. Elements may be of different widths from
/// sentence to sentence. Not thread-safe; the views must outlive it.
class SentenceSource final : public Source {
 public:
  /// Throws Error{kInvalidData} naming the sentence whose labels and rows differ in number or
  /// whose columns differ from those before, and when there is no token at all.
  explicit SentenceSource(std::span<const SentenceView> sentences);

  /// The first lengths[s] places of every sentence. Throws Error{kInvalidArgument} unless there is
  /// a length in 0..T for every sentence.
  static SentenceSource padded(const PaddedTokens& tokens, std::span<const int64_t> lengths);

  /// The places whose byte in `mask` (S x T) is not 0. A sentence reaches to its last such place;
  /// places before it that are masked keep their position and are ignored like ignored labels.
  /// Cost: a copy of the labels, 4 bytes each. Throws like padded().
  static SentenceSource masked(const PaddedTokens& tokens, std::span<const uint8_t> mask);

  SentenceSource(SentenceSource&&) = default;
  SentenceSource& operator=(SentenceSource&&) = default;

  /// Where the sentences begin among the tokens of this source; valid as long as it.
  Sentences sentences() const { return Sentences(offsets_); }

  int64_t num_classes() const override { return num_classes_; }
  int64_t num_rows() const override { return offsets_.back(); }
  bool next(Block& block) override;
  void reset() override;

 private:
  SentenceSource() = default;
  void append(const SentenceView& sentence);
  void finish() const;
  template <class T>
  int64_t gather();

  std::vector<SentenceView> parts_;  // sentences that follow each other in memory are one
  std::vector<int64_t> offsets_ = {0};
  int64_t num_classes_ = 0;
  std::vector<int32_t> masked_labels_;

  size_t next_part_ = 0;
  int64_t next_row_ = 0;
  std::vector<std::byte> rows_;  // the block being delivered, where it had to be gathered
  std::vector<int32_t> labels_;
};

}  // namespace labelsieve
