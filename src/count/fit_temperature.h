// The power of the probabilities under which the given labels are likeliest.
#pragma once

#include <cstdint>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// How many of the examples the temperature is fitted to (kAutoFitElements).
int64_t num_temperature_rows(int64_t num_rows, int64_t num_classes);

/// argmax over β of Σ ln softmax(β ln P_i)[y_i], by damped Newton steps; concave in β. In
/// [0.05, 20]. The same for any threads and blocks. `num_rows` is the source's length.
/// Throws Error{kInvalidData} for invalid labels or probabilities among the examples used.
double fit_temperature(Source& source, int64_t num_rows, const Execution& execution);

}  // namespace labelsieve
