// The margins of other classes over the given one, in rows of one given class.
#pragma once

#include <algorithm>
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

/// Margins from 0 to 1 in intervals of equal width, whose bounds both element types hold exactly.
inline constexpr int64_t kMarginIntervals = 256;

/// The interval that a margin >= 0 falls into; what is above 1 belongs to the last.
template <class W>
int64_t margin_interval(W margin) {
  constexpr W kLast = kMarginIntervals - 1;
  return static_cast<int64_t>(std::min(margin * W{kMarginIntervals}, kLast));
}

/// Elements that list_margin_intervals() may write behind the last one.
inline constexpr int64_t kMarginPadding = 64;

/// Writes k * kMarginIntervals + margin_interval(margin) for every margin that
/// find_large_margins() finds, for `lowest` >= 0; returns their number. `out` has room for
/// count * columns + kMarginPadding.
int64_t list_margin_intervals(const float* rows, int64_t count, int64_t columns, int64_t given,
                              const float* lowest, uint32_t* out);
int64_t list_margin_intervals(const double* rows, int64_t count, int64_t columns, int64_t given,
                              const double* lowest, uint32_t* out);

}  // namespace labelsieve
