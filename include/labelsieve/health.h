// How healthy a dataset is, class by class and pair by pair, from its estimated joint.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// One class (definitions.md §7). Rates are in [0, 1]; counts are joint mass · N, rounded.
struct ClassQuality {
  int32_t label = 0;
  int64_t num_examples = 0;          ///< With this given label.
  int64_t label_issues = 0;          ///< Given this label, truly another.
  int64_t inverse_label_issues = 0;  ///< Given another label, truly this one.
  double label_noise = 0;            ///< P(true ≠ k | given k).
  double inverse_label_noise = 0;    ///< P(given ≠ k | true k).
  double label_quality_score = 1;    ///< 1 - label_noise; 1 for an empty class.
};

/// Two classes that are taken for each other.
struct ClassOverlap {
  int32_t class_a = 0;
  int32_t class_b = 0;
  int64_t num_overlapping = 0;   ///< joint_probability · N, rounded.
  double joint_probability = 0;  ///< J[a,b] + J[b,a], or J[a,b] alone when asymmetric.
};

/// The classes by ascending label quality, ties to the lower class. `label_counts` gives
/// num_examples. Cost: O(K log K + non-zeros).
std::vector<ClassQuality> rank_classes_by_label_quality(const SparseMatrix<double>& joint,
                                                        std::span<const int64_t> label_counts,
                                                        int64_t num_examples);

struct OverlapOptions {
  bool asymmetric = false;          ///< Keep (given a, true b) and (given b, true a) apart.
  bool include_zero_pairs = false;  ///< Also the pairs that never overlap: K² of them.
};

/// Pairs of classes by descending overlap, ties to the lower (a, b); a < b unless asymmetric
/// (then a is the given class, b the true one).
std::vector<ClassOverlap> find_overlapping_classes(const SparseMatrix<double>& joint,
                                                   int64_t num_examples,
                                                   const OverlapOptions& options = {});

/// 1 - num_issues / num_examples.
double overall_label_health_score(int64_t num_issues, int64_t num_examples);

}  // namespace labelsieve
