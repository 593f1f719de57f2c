// How near the two most probable classes of each example are.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "count/block_summaries.h"
#include "labelsieve/execution.h"

namespace labelsieve {

/// gap_code() of every example's row, any number for ignored ones. `blocks` hold the summaries of
/// all rows, in their order.
std::vector<uint8_t> row_gaps(std::span<const BlockSummaries> blocks, int64_t num_rows,
                              const Execution& execution);

}  // namespace labelsieve
