// Tempered rows added up by the class that they favour, in one pass.
#pragma once

#include <cstdint>
#include <mutex>

#include "kernels/rows.h"

namespace labelsieve {

/// Room behind the last of some columns, so that kernels write whole vectors.
constexpr int64_t padded_columns(int64_t columns) { return (columns + 63) / 64 * 64; }

/// What fixed-point numbers are offset by: the bits of kFixedPointOffset. Added to it, a double
/// below 2^51 has its nearest integer in its low bits.
inline constexpr double kFixedPointOffset = 0x1.8p52;

/// Sums of tempered rows in fixed point, which no order changes.
struct ConfusionSums {
  /// Row b: Σ over the rows whose maximum is in column b of round(q · 2^shift) + the bits of
  /// kFixedPointOffset, modulo 2^64; columns × padded_columns(columns).
  uint64_t* sums = nullptr;
  int64_t* counts = nullptr;  // rows whose maximum is in each column
  int shift = 0;              // at most 50
  /// Guard the rows b of `sums` that leave the same remainder; null: nobody else writes there.
  std::mutex* locks = nullptr;
  int64_t num_locks = 1;
};

/// Adds the rows, which are valid, with q = softmax(temperature · ln P) in the element's own
/// precision and probabilities below 1e-6 as that. `argmax` is that of their RowSummaries.
/// `scratch` has padded_columns(columns) elements. Rows with label kIgnored are left out.
void add_tempered_rows(const Rows<float16>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, float* scratch);
void add_tempered_rows(const Rows<float>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, float* scratch);
void add_tempered_rows(const Rows<double>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, double* scratch);

}  // namespace labelsieve
