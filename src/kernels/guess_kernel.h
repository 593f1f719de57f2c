// From the summaries of rows to the classes they are confidently in.
#pragma once

#include <cstdint>

#include "kernels/row_summary_kernel.h"

namespace labelsieve {

/// Thresholds as probability_codes.
struct LimitCodes {
  const uint16_t* codes = nullptr;  // one per class
  int64_t num_classes = 0;
  uint16_t lowest = 0;
};

/// Places that guess_rows() may write behind the unclear rows.
inline constexpr int64_t kGuessPadding = 64;

/// Guesses `count` rows whose maximum reaches the threshold of its own class, kNotConfident for
/// the others, and sets kOffDiagonal in their flags where the guess disagrees with the label.
/// Writes the positions of the rows that their summaries do not decide to `unclear`, ascending,
/// and returns their number. `unclear` has room for count + kGuessPadding.
int64_t guess_rows(const RowSummaries& summaries, const int32_t* labels, int64_t count,
                   const LimitCodes& limits, int32_t* guesses, uint32_t* unclear);

}  // namespace labelsieve
