// How near the two most probable classes of each example are.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// gap_code() of every example's row, any number for ignored ones. Cost: a pass over all
/// probabilities, which is why it is not counted along with everything else: few ask for it.
std::vector<uint8_t> row_gaps(Source& source, int64_t num_rows, const Execution& execution);

}  // namespace labelsieve
