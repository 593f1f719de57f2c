// The class that speaks most against each given label.
#pragma once

#include <cstdint>

#include "kernels/confusion_kernel.h"
#include "kernels/rows.h"

namespace labelsieve {

/// rivals[i] = the first column b with the largest max(P[i,b], 1e-6) · factors[y,b], y the label
/// of row i. Row y of `factors` begins at y · padded_columns(columns); it is 0 in column y and
/// behind the last column, and positive elsewhere; `largest_factors` has the largest of each row.
/// Rows with label kIgnored get rival 0. The probabilities must be valid, and the columns more than
/// one.
void find_rivals(const Rows<float16>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals);
void find_rivals(const Rows<float>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals);
void find_rivals(const Rows<double>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals);

}  // namespace labelsieve
