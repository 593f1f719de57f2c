// Counting multi-label data, where each example has any number of the K classes: confident
// thresholds and joints, one for each class.
//
// Class k is a problem of its own with two classes, absent (0) and present (1), and probabilities
// [1 - p, p], p = P[i,k]; docs/definitions.md §7. 1 - p is taken in double for double input, else
// in float. Every function gives exactly what the functions for two classes give on that problem.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/multilabel_source.h"

namespace labelsieve {

/// Two numbers of a class: of the examples that were not given it, and of those that were.
template <class T>
using AbsentPresent = std::array<T, 2>;

/// 2×2 for a class: rows given (absent, present), columns true.
template <class T>
using BinaryMatrix = std::array<std::array<T, 2>, 2>;

/// Exact sums of the given sides' probabilities of all classes, as ThresholdAccumulator: any
/// partition of the examples, merged in any order, gives the same bits. A value type; not
/// thread-safe.
class MultilabelThresholdAccumulator {
 public:
  explicit MultilabelThresholdAccumulator(int64_t num_classes);

  /// Adds the examples of a block; `total_rows` is for progress only. Throws Error{kInvalidData}
  /// naming row and column for invalid labels or probabilities. Cost: one pass.
  void add(const MultilabelBlock& block, const Execution& execution = {}, int64_t total_rows = -1);

  /// Adds what another accumulator has seen; throws Error{kInvalidArgument} where it has another
  /// number of classes.
  void merge(const MultilabelThresholdAccumulator& other);

  /// Means of 1 - p and of p over the examples of each side, at least 2e-6; kNoThreshold for a side
  /// without any.
  std::vector<AbsentPresent<double>> thresholds() const;
  std::vector<AbsentPresent<int64_t>> label_counts() const;
  int64_t num_examples() const { return num_examples_; }

  friend bool operator==(const MultilabelThresholdAccumulator&,
                         const MultilabelThresholdAccumulator&) = default;

 private:
  class Worker;

  std::vector<AbsentPresent<__int128>> sums_;  // multiples of 2^-80
  std::vector<int64_t> num_present_;
  int64_t num_examples_ = 0;
};

/// Counts of (given side, confident guess) of all classes. A value type that can be merged in any
/// order; not thread-safe.
class MultilabelJointAccumulator {
 public:
  /// `thresholds` as MultilabelThresholdAccumulator gives them, one pair per class.
  explicit MultilabelJointAccumulator(std::vector<AbsentPresent<double>> thresholds);

  /// Adds the examples of a block; `total_rows` is for progress only. Takes probabilities as they
  /// stand: MultilabelThresholdAccumulator has checked them. Throws Error{kInvalidData} for invalid
  /// labels. Cost: one pass.
  void add(const MultilabelBlock& block, const Execution& execution = {}, int64_t total_rows = -1);

  /// Adds what another accumulator with the same thresholds has seen; throws
  /// Error{kInvalidArgument} for any other.
  void merge(const MultilabelJointAccumulator& other);

  /// Rows given, columns guessed; the diagonals at least 1.
  std::vector<BinaryMatrix<int64_t>> counts() const;

  /// Per class, as ConfidentJointAccumulator has them.
  std::vector<int64_t> num_off_diagonal() const;
  std::vector<int64_t> num_disagreeing() const;

  const std::vector<AbsentPresent<double>>& thresholds() const { return thresholds_; }

  friend bool operator==(const MultilabelJointAccumulator&,
                         const MultilabelJointAccumulator&) = default;

 private:
  template <class W>
  class Worker;
  struct ClassCounts {
    BinaryMatrix<int64_t> guesses{};
    int64_t disagreeing = 0;
    int64_t off_diagonal = 0;

    friend bool operator==(const ClassCounts&, const ClassCounts&) = default;
  };

  std::vector<AbsentPresent<double>> thresholds_;
  std::vector<ClassCounts> counts_;
};

struct MultilabelJointOptions {
  // Parameters that affect the answer.
  std::vector<AbsentPresent<double>> thresholds = {};  ///< One per class; empty: from the data.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// Everything that counting finds out; one element per class.
struct MultilabelJoint {
  std::vector<AbsentPresent<double>> thresholds;     ///< Means of 1 - p and of p; or kNoThreshold.
  std::vector<AbsentPresent<int64_t>> label_counts;  ///< Each adds up to num_examples.
  std::vector<BinaryMatrix<int64_t>> counts;         ///< Raw; diagonal >= 1.
  std::vector<BinaryMatrix<int64_t>> calibrated;  ///< Row y of class k sums to label_counts[k][y].
  std::vector<int64_t> num_off_diagonal;          ///< As ConfidentJointAccumulator has it.
  std::vector<int64_t> num_disagreeing;
  int64_t num_examples = 0;  ///< Without the ignored ones.
};

/// Throws Error{kInvalidArgument} for thresholds that do not fit, and Error{kInvalidData} as the
/// accumulators do. Cost: two passes; O(K) memory.
MultilabelJoint multilabel_confident_joint(MultilabelSource& source,
                                           const MultilabelJointOptions& options = {});

/// Scales joints so that row y of class k sums to label_counts[k][y], in integers.
std::vector<BinaryMatrix<int64_t>> calibrate_multilabel_joint(
    std::span<const BinaryMatrix<double>> joint,
    std::span<const AbsentPresent<int64_t>> label_counts);

/// P(given, true) of each class.
std::vector<BinaryMatrix<double>> estimate_multilabel_joint(
    std::span<const BinaryMatrix<int64_t>> calibrated);

}  // namespace labelsieve
