// Scores and argmax of rows. Every function checks the probabilities it reads.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// Position of the first row with an invalid probability, where a kernel stopped; what it has
/// written before is of no use then.
inline constexpr int64_t kAllRowsValid = -1;

/// out[i] = (P[i,y] - max over the other classes + 1) / 2 in [0, 1]; NaN for ignored rows.
int64_t normalized_margin(const Rows<float16>& rows, const int32_t* labels, double* out);
int64_t normalized_margin(const Rows<float>& rows, const int32_t* labels, double* out);
int64_t normalized_margin(const Rows<double>& rows, const int32_t* labels, double* out);

/// out[i] = ln(1 + x) / x with x = normalized entropy / P[i,y]; NaN for ignored rows.
int64_t confidence_weighted_entropy(const Rows<float16>& rows, const int32_t* labels, double* out);
int64_t confidence_weighted_entropy(const Rows<float>& rows, const int32_t* labels, double* out);
int64_t confidence_weighted_entropy(const Rows<double>& rows, const int32_t* labels, double* out);

/// out[i] = the first column of row i's maximum. Ignored rows are neither looked at nor written.
int64_t argmax(const Rows<float16>& rows, const int32_t* labels, int32_t* out);
int64_t argmax(const Rows<float>& rows, const int32_t* labels, int32_t* out);
int64_t argmax(const Rows<double>& rows, const int32_t* labels, int32_t* out);

}  // namespace labelsieve
