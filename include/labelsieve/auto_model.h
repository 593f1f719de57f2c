// The automatic method: one ranking and one cut, nothing to choose.
//
// Labels and probabilities alone cannot tell a confident mistake of the model from a wrong label.
// The method stands between the two readings of a disagreement, and says with its expected number
// of errors how far apart they are. docs/definitions.md §9 has the exact arithmetic,
// docs/quality.md what it is worth and where it loses.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// What the automatic method learns from all examples before it looks at each. A value; reading it
/// is thread-safe.
struct AutoModel {
  int64_t num_classes = 0;

  /// β: the probabilities to this power, normalised, fit the given labels best. In [0.05, 20];
  /// below 1 the model was too sure of itself.
  double temperature = 1;

  /// The share of labels that a model with these calibrated probabilities misses, in (0, 1].
  double expected_disagreement = 0;

  /// K×K, row-major, antisymmetric: log-odds that are added in favour of a rival class (column)
  /// against the given one (row), because the model leans from the one to the other more than back.
  std::vector<double> corrections;

  double correction(int32_t given, int32_t rival) const {
    return corrections[static_cast<size_t>(given) * static_cast<size_t>(num_classes) +
                       static_cast<size_t>(rival)];
  }
};

/// Probabilities below it count as it.
inline constexpr double kAutoProbabilityFloor = 1e-6;

/// Up to both of these sizes the temperature is fitted to all examples, and all arithmetic is in
/// double precision. Beyond, it is fitted to a fixed subsample of 2^20 / K examples spread over the
/// data (at least 1024, at most 16384), and powers are taken in the precision of the data.
inline constexpr int64_t kAutoFitRows = int64_t{1} << 17;      ///< N.
inline constexpr int64_t kAutoFitElements = int64_t{1} << 21;  ///< N·K.

/// Learns from all examples. Cost: the subsample, then one pass with a logarithm and an
/// exponential for every element; where the source does not know its length one pass over the
/// labels more. Memory: 24·K² bytes and one number per element of the subsample.
/// Throws Error{kInvalidData} for invalid labels or probabilities, and without examples.
AutoModel fit_auto_model(Source& source, const Execution& execution = {});

/// How many labels are wrong, by both readings of the disagreements and between them.
struct ExpectedErrors {
  double expected = 0;  ///< Σ √(low · high) over the examples: what the cut goes by.
  double low = 0;       ///< Noise depends on the class alone, and the model knows its limits.
  double high = 0;      ///< The model, corrected, is right wherever it disagrees.
};

}  // namespace labelsieve
