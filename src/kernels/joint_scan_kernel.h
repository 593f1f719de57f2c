// The pass behind the confident joint: which class each row is confidently in.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// What the scan writes for a row into `guesses`.
inline constexpr int32_t kNotConfident = -1;

template <class T>
struct JointScanInput {
  Rows<T> rows;
  const int32_t* labels = nullptr;
  /// One per class, already lowered by 1e-6 and rounded up to the comparison type, followed by
  /// infinities up to a multiple of kThresholdPadding.
  const Wide<T>* thresholds = nullptr;
  bool confident_argmax = false;  // collisions go to the best confident class, not the row's best
};
inline constexpr int64_t kThresholdPadding = 64;

struct JointScanResult {
  int64_t num_unnormalized = 0;
  int64_t invalid_row = -1;  // position of the first row with an invalid probability; then stop
};

/// Fills guesses[i] and flags[i] (RowFlags of labelsieve/count.h) for every row. Dispatched to the
/// best instruction set.
JointScanResult joint_scan(const JointScanInput<float16>& input, int32_t* guesses, uint8_t* flags);
JointScanResult joint_scan(const JointScanInput<float>& input, int32_t* guesses, uint8_t* flags);
JointScanResult joint_scan(const JointScanInput<double>& input, int32_t* guesses, uint8_t* flags);

}  // namespace labelsieve
