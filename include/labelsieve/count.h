// Counting: confident thresholds, the confident joint, and how many labels are wrong.
//
// Source of the method: Northcutt, Jiang & Chuang, "Confident Learning: Estimating Uncertainty in
// Dataset Labels", JAIR 70 (2021). docs/definitions.md §2 has the exact arithmetic.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/pair_counts.h"
#include "labelsieve/source.h"
#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// What `thresholds` holds for a class that no example has: nothing is ever confident in it.
inline constexpr double kNoThreshold = 2.0;

/// What decides when an example is confidently in several classes at once.
enum class Collision : uint8_t {
  kRowArgmax,        ///< The argmax of the whole row (the reference implementation's rule).
  kConfidentArgmax,  ///< The argmax among the confident classes (the paper's rule).
};

/// What counting says of a single row.
enum RowFlags : uint8_t {
  kCounted = 1,      ///< Not ignored.
  kDisagrees = 2,    ///< The given label is not the row's maximum within 1e-6.
  kOffDiagonal = 4,  ///< kDisagrees, and confidently in another class than the given one.
};

/// Sums of self-confidence per class, exactly: 128-bit fixed point, so that any partition of the
/// examples into blocks, threads or machines, merged in any order, gives the same bits.
/// A value type; not thread-safe.
class ThresholdAccumulator {
 public:
  explicit ThresholdAccumulator(int64_t num_classes);

  /// Adds the examples of a block. Throws Error{kInvalidData} for a label outside 0..K-1 or a
  /// probability of a given label that is not within [0, 1]. Cost: one number per example.
  void add(const Block& block, const Execution& execution = {});

  /// Adds what another accumulator of the same number of classes has seen.
  void merge(const ThresholdAccumulator& other);

  /// t_k = mean P[i,k] over the examples with label k, at least 2e-6; kNoThreshold without any.
  std::vector<double> thresholds() const;

  /// n_k, the number of examples with each label; ignored examples count nowhere.
  const std::vector<int64_t>& label_counts() const { return label_counts_; }

  friend bool operator==(const ThresholdAccumulator&, const ThresholdAccumulator&) = default;

 private:
  friend class RowCounter;

  std::vector<__int128> sums_;  // multiples of 2^-80
  std::vector<int64_t> label_counts_;
};

/// Counts of (given label, confident guess). A value type that can be merged in any order; not
/// thread-safe. Memory: O(min(K², N)), the sparse form where K is large.
class ConfidentJointAccumulator {
 public:
  /// `thresholds` as ThresholdAccumulator gives them, one per class.
  explicit ConfidentJointAccumulator(std::vector<double> thresholds,
                                     Collision collision = Collision::kRowArgmax);

  /// Adds the examples of a block. Throws Error{kInvalidData} naming row and column where a
  /// probability is NaN, infinite or more than 1e-6 outside [0, 1]. Cost: one pass.
  void add(const Block& block, const Execution& execution = {});

  /// Adds what another accumulator with the same thresholds and collision rule has seen; throws
  /// Error{kInvalidArgument} for any other.
  void merge(const ConfidentJointAccumulator& other);

  /// C[given, guess], the diagonal at least 1.
  SparseMatrix<int64_t> counts() const { return counts_.to_matrix(1); }

  /// The examples counted off the diagonal whose label is not the row's maximum within 1e-6.
  int64_t num_off_diagonal() const { return num_off_diagonal_; }

  /// Examples whose given label is not the row's maximum within 1e-6.
  int64_t num_disagreeing() const { return num_disagreeing_; }

  /// Examples whose probabilities do not add up to 1 within 1e-2.
  int64_t num_unnormalized_rows() const { return num_unnormalized_rows_; }

  const std::vector<double>& thresholds() const { return thresholds_; }

 private:
  friend class RowCounter;
  void add_guesses(std::span<const int32_t> labels, const int32_t* guesses, const uint8_t* flags);

  std::vector<double> thresholds_;
  Collision collision_;
  PairCounts counts_;
  int64_t num_off_diagonal_ = 0;
  int64_t num_disagreeing_ = 0;
  int64_t num_unnormalized_rows_ = 0;
};

struct ConfidentJointOptions {
  // Parameters that affect the answer.
  Collision collision = Collision::kRowArgmax;
  std::vector<double> thresholds = {};  ///< One per class; empty: estimated from the data.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// Everything that counting finds out about a dataset.
struct ConfidentJoint {
  std::vector<double> thresholds;     ///< K.
  std::vector<int64_t> label_counts;  ///< K; their sum is the number of examples counted.
  SparseMatrix<int64_t> counts;       ///< Raw: rows given, columns guessed; diagonal >= 1.
  SparseMatrix<int64_t> calibrated;   ///< Row k sums to label_counts[k].
  int64_t num_off_diagonal = 0;
  int64_t num_disagreeing = 0;
  int64_t num_unnormalized_rows = 0;
};

/// Mean self-confidence of each class (definitions.md §2). Cost: one number per example.
std::vector<double> confident_thresholds(Source& source, const Execution& execution = {});

/// Thresholds and joint from one pass over the probabilities and one over the labels. Throws Error
/// as the accumulators do.
ConfidentJoint confident_joint(Source& source, const ConfidentJointOptions& options = {});

/// Scales a joint so that row k sums to label_counts[k], in integers. `joint` may hold counts or
/// any non-negative weights. Throws Error{kInvalidArgument} when the sizes differ.
SparseMatrix<int64_t> calibrate_confident_joint(const SparseMatrix<double>& joint,
                                                std::span<const int64_t> label_counts);

/// P(given, true): a joint divided by its sum.
SparseMatrix<double> estimate_joint(const SparseMatrix<int64_t>& calibrated);

/// How many labels a joint says are wrong: its off-diagonal mass times N, rounded.
int64_t num_label_issues(const SparseMatrix<double>& estimated_joint, int64_t num_examples);

}  // namespace labelsieve
