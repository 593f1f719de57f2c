// The one pass over all probabilities: what has to be known of each row before any threshold is.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>

#include "kernels/rows.h"

namespace labelsieve {

inline constexpr int kMaxCode = 65535;

/// Added to a small number it leaves no bits for fractions: the sum is rounded to a whole one.
template <class W>
inline constexpr W kCodeShift = W{1} / std::numeric_limits<W>::epsilon();

/// A probability as 16 bits that keep its order: p <= q implies code(p) <= code(q), so codes that
/// differ decide a comparison exactly, and equal codes send one back to the row. What exceeds
/// [0, 1] is taken as its nearer end.
template <class W>
uint16_t probability_code(W p) {
  const W rounded = p * W{kMaxCode} + kCodeShift<W> - kCodeShift<W>;
  return static_cast<uint16_t>(std::clamp(rounded, W{0}, W{kMaxCode}));
}

/// The first eight bits of a probability_code, which are enough for most rows.
inline uint8_t leading_code(uint16_t code) { return static_cast<uint8_t>(code >> 8); }

/// No valid probability with this code is larger.
inline float most_of_code(int code) { return static_cast<float>(code + 1) * (1 / 65535.0F); }

/// The largest code with these leading bits.
inline int last_code(uint8_t leading) { return leading << 8 | 255; }

/// How far a row's maximum is above its second at least, in 256ths rounded down, from the one's
/// probability_code and the other's leading_code.
inline uint8_t gap_code(uint16_t maximum, uint8_t second) {
  const int largest_second = last_code(second);
  return maximum > largest_second ? static_cast<uint8_t>((maximum - largest_second) >> 8) : 0;
}

/// second - maximum of a row is at most this. Each of its codes may be one off, and a product
/// rounded up in it.
inline double most_margin(int gap_code) { return (2.0 - 256.0 * gap_code) / 65535; }

/// The class of an argmax that 16 bits do not hold: one has to go back to the row.
inline constexpr uint16_t kClassNotHeld = 65535;

/// One element per row, six bytes in all. Nothing is written for ignored rows but their flags.
struct RowSummaries {
  uint16_t* maximum = nullptr;  // probability_code of the row's maximum
  uint16_t* argmax = nullptr;   // the first column of the maximum, at most kClassNotHeld
  uint8_t* second = nullptr;    // leading_code of the largest of the other columns; 0 for K = 1
  uint8_t* flags = nullptr;     // kCounted, kDisagrees (RowFlags of labelsieve/count.h)

  RowSummaries from(int64_t row) const {
    return {maximum + row, argmax + row, second + row, flags + row};
  }
};

struct RowSummaryResult {
  int64_t num_unnormalized = 0;
  int64_t invalid_row = -1;  // position of the first row with an invalid probability; then stop
  int64_t num_disagreeing = 0;
};

/// Places that summarize_rows() may write behind the last disagreeing row.
inline constexpr int64_t kSummaryPadding = 64;

/// What is known of each row only while the pass is at it.
template <class W>
struct RowFindings {
  W* self_confidence = nullptr;     // of each row; none is written for ignored ones
  uint32_t* disagreeing = nullptr;  // positions of the rows that disagree, ascending; has room for
                                    // kSummaryPadding more than there are rows
};

/// Summarises and checks every row, looks up the probability of its label and finds those that
/// disagree with it. `labels` has one class per row, or kIgnored.
RowSummaryResult summarize_rows(const Rows<float16>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<float>& findings);
RowSummaryResult summarize_rows(const Rows<float>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<float>& findings);
RowSummaryResult summarize_rows(const Rows<double>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<double>& findings);

}  // namespace labelsieve
