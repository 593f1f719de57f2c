// Which classes of rows of one given class have a margin that is large enough.
#pragma once

#include <cstdint>

namespace labelsieve {

/// Rows of more columns are compared elsewhere, one class at a time.
inline constexpr int64_t kMaxMarginColumns = 64;

/// For each of `count` contiguous rows of at most kMaxMarginColumns columns: bit k of wanted[i]
/// says whether P[i, k] - P[i, given] >= lowest[k], in the element's type. `lowest` has
/// kMaxMarginColumns elements, infinite where a class is not asked for; rows need no padding.
void find_large_margins(const float* rows, int64_t count, int64_t columns, int64_t given,
                        const float* lowest, uint64_t* wanted);
void find_large_margins(const double* rows, int64_t count, int64_t columns, int64_t given,
                        const double* lowest, uint64_t* wanted);

}  // namespace labelsieve
