// Which class a row is confidently in.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// The guess for a row that is confidently in no class.
inline constexpr int32_t kNotConfident = -1;

/// Thresholds as the kernel reads them: one per class, already lowered by 1e-6 and rounded up to
/// the comparison type, followed by infinities up to a multiple of kThresholdPadding.
inline constexpr int64_t kThresholdPadding = 64;

/// guesses[i] = the class that row i is confidently in; of several the first best of the whole row
/// or, with `best_confident`, of the confident ones. All rows are valid and none is ignored.
void confident_classes(const Rows<float16>& rows, const float* thresholds, bool best_confident,
                       int32_t* guesses);
void confident_classes(const Rows<float>& rows, const float* thresholds, bool best_confident,
                       int32_t* guesses);
void confident_classes(const Rows<double>& rows, const double* thresholds, bool best_confident,
                       int32_t* guesses);

}  // namespace labelsieve
