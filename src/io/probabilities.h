// What readers do to whole matrices: logits, the binary problem, other orders, a check.
#pragma once

#include <cstdint>
#include <vector>

#include "io/part.h"
#include "labelsieve/execution.h"

namespace labelsieve::io {

/// How far a probability may lie outside [0, 1] (definitions.md §8).
inline constexpr double kTolerance = 1e-6;

inline bool is_probability(double value) {
  return value >= -kTolerance && value <= 1 + kTolerance;  // false for NaN
}

/// Replaces logits by probabilities in double precision: the softmax of each row, for a single
/// column the sigmoid. A row without a finite result is an error, or marked with `skip_invalid`.
void apply_softmax(Part& part, bool skip_invalid, const Execution& execution);

/// Replaces each logit by its sigmoid, in double precision. NaN is an error, or its row is marked
/// with `skip_invalid`.
void apply_sigmoid(Part& part, bool skip_invalid, const Execution& execution);

/// Replaces a single column p by the two columns [1 - p, p]. A p outside [0, 1] is an error that
/// names the row, or marked with `skip_invalid`, or taken as it stands when `unchecked`.
void expand_binary(Part& part, bool skip_invalid, bool unchecked, const Execution& execution);

/// Marks every row with a probability that is NaN, infinite or outside [0, 1]. One pass.
void mark_invalid_rows(Part& part, const Execution& execution);

/// Copies columns so that column j of the result is column `order[j]` of the matrix.
void reorder_columns(Part& part, const std::vector<int64_t>& order);

/// Copies rows so that row i of the result is row `order[i]` of the matrix, each row once; lines,
/// texts, ids and marks of invalid rows follow, labels are dropped.
void reorder_rows(Part& part, const std::vector<int64_t>& order);

}  // namespace labelsieve::io
