// Fitting the automatic method for those who know more than a Source tells.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/auto_model.h"

namespace labelsieve {

/// fit_auto_model() of a source of `num_rows` examples. `odds`, unless null, gets for each example
/// the largest other probability over that of its label, 0 for ignored ones.
AutoModel fit_auto_model(Source& source, int64_t num_rows, const Execution& execution,
                         std::vector<float>* odds);

}  // namespace labelsieve
