// How often calibrated predictions favour one class while another is in play.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// The soft confusion of a calibrated model with itself.
struct SoftConfusion {
  /// K×K, row-major: Σ q(column) over the examples whose argmax is the row.
  std::vector<double> sums;
  int64_t num_examples = 0;  // those that are not ignored
};

/// One pass. The sums are of fixed-point numbers, the same for any threads and blocks; `in_double`
/// asks for the powers in double precision whatever the elements are. `odds`, unless null, gets the
/// largest other probability over that of the label for each example, 0 for ignored ones.
/// Throws Error{kInvalidData} for invalid labels or probabilities.
SoftConfusion sum_confusion(Source& source, int64_t num_rows, double temperature, bool in_double,
                            const Execution& execution, std::vector<float>* odds);

}  // namespace labelsieve
