// Rounding numbers to integers without changing their total.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "base/pairwise_sum.h"

namespace labelsieve {

/// The values rounded half to even, then corrected by ones until they add up to their rounded
/// total: upward where the rounding took most, ties at the higher position; downward where it
/// added most, ties at the lower (definitions.md §2). `length` is that of the whole sequence.
std::vector<int64_t> round_preserving_total(std::span<const PositionedValue> values,
                                            int64_t length);

}  // namespace labelsieve
