// Counts of (given, guess) pairs, dense for few classes and sparse for many.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// A value type; merging is commutative and associative, so any partition of the examples gives
/// the same counts. Not thread-safe.
class PairCounts {
 public:
  explicit PairCounts(int64_t num_classes);

  void add(int32_t given, int32_t guess);

  /// Adds the pairs (given[i], guesses[i]) with guesses[i] >= 0.
  void add(std::span<const int32_t> given, std::span<const int32_t> guesses);

  /// Adds the counts of the same number of classes.
  void merge(const PairCounts& other);

  /// The counts, the diagonal raised to `lowest_diagonal` where it is less.
  SparseMatrix<int64_t> to_matrix(int64_t lowest_diagonal = 0) const;

  int64_t num_classes() const { return num_classes_; }

 private:
  using Pair = uint64_t;  // given << 32 | guess

  void add_dense(std::span<const int32_t> given, std::span<const int32_t> guesses);
  void compact();
  std::vector<std::pair<Pair, int64_t>> sorted_counts() const;

  int64_t num_classes_;
  std::vector<int64_t> diagonal_;  // K counts
  std::vector<int64_t> dense_;     // K² counts, those off the diagonal; empty if K is large
  std::vector<std::pair<Pair, int64_t>> counted_;  // ascending pairs off the diagonal
  std::vector<Pair> pending_;                      // pairs not yet in counted_
};

}  // namespace labelsieve
