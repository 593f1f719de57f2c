// How far other classes may beat the given labels, and the rows where that is far enough.
#pragma once

#include <cstdint>

#include "kernels/row_summary_kernel.h"

namespace labelsieve {

/// What the largest other probability over that of the label is at most, or a little more, for
/// `count` rows; 0 for ignored ones.
void write_most_odds(const RowSummaries& rows, const float* self_confidence, const int32_t* labels,
                     int64_t count, float* odds);
void write_most_odds(const RowSummaries& rows, const double* self_confidence, const int32_t* labels,
                     int64_t count, float* odds);

/// Places that select_by_odds() may write behind the last position.
inline constexpr int64_t kOddsPadding = 64;

/// Writes the positions of the rows whose odds are above those of their label in `least_odds`, one
/// for each class and none negative; ascending. Returns their number. Ignored rows must have odds
/// of 0.
int64_t select_by_odds(const float* odds, const int32_t* labels, int64_t count,
                       const float* least_odds, int64_t num_classes, uint32_t* positions);

}  // namespace labelsieve
