// Which of many numbers are small.
#pragma once

#include <cstdint>

namespace labelsieve {

/// Places that positions_at_most() may write behind the last.
inline constexpr int64_t kAtMostPadding = 64;

/// Writes the positions of the values that are `limit` at most to `out`, ascending, and returns
/// their number; NaN is none. `out` has room for count + kAtMostPadding.
int64_t positions_at_most(const double* values, int64_t count, double limit, uint32_t* out);

}  // namespace labelsieve
