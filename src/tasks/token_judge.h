// How probably each token of a sentence is wrong: the mathematics of the automatic token scores.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tasks/token_evidence.h"
#include "tasks/word_memory.h"

namespace labelsieve {

/// Judges single sentences (docs/definitions.md §11). One for each thread; what it was made with
/// must outlive it.
class TokenJudge {
 public:
  TokenJudge(const TagColumns& tags, const TokenEvidence& evidence, const WordMemory& memory);

  /// Computes everything below; `first` is the sentence's first token among all.
  void judge(const TokenSentence& sentence, int64_t first);

  /// One per token: the probability that its label is wrong, s.
  std::span<const double> errors() const { return errors_; }

  /// What the decoder is to choose from: num_columns() weights per token. The posterior of the
  /// types, split into beginning and inside; the given label weighs (1 - s) · cut / (1 - cut), so
  /// that it stays where s is below the cut or no other single label is better.
  std::span<const double> weigh_columns(const TokenSentence& sentence, double cut);

 private:
  double* type_row(std::vector<double>& values, size_t token) const {
    return &values[token * num_types_];
  }
  void weigh_evidence(const TokenSentence& sentence, int64_t first);
  void decide_types(const TokenSentence& sentence);
  void decide_unit(const TokenSentence& sentence, size_t begin, size_t end);
  void check_sides(const TokenSentence& sentence);
  void check_edges(const TokenSentence& sentence);

  const TagColumns& tags_;
  const TokenEvidence& evidence_;
  const WordMemory& memory_;
  size_t num_types_;
  std::vector<double> shares_;       // of one token's word, by type
  std::vector<double> unit_;         // of one unit, by type
  std::vector<double> weights_;      // per token and type: exp(L)
  std::vector<double> posterior_;    // per token and type: q
  std::vector<double> type_errors_;  // per token: 1 - q(given)
  std::vector<double> side_errors_;  // per token: b
  std::vector<double> edge_errors_;  // per token: e
  std::vector<double> errors_;       // per token: the greatest of these
  std::vector<double> column_weights_;
};

}  // namespace labelsieve
