#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/joint_scan_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                             // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/bounds.h"
#include "kernels/joint_scan_kernel.h"
#include "kernels/label_decode.h"
#include "kernels/simd_rows-inl.h"
#include "labelsieve/count.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// What one pass over a row finds. Lanes behind the last column meet an infinite threshold.
template <class T>
struct RowScan {
  using V = RowVec<T>;
  HWY_INLINE RowScan() {}  // as in ValidityCheck

  const RowTag<T> d{};
  ValidityCheck<T> validity;
  V maximum = validity.lowest;
  V sum = hn::Zero(d);
  size_t num_confident = 0;

  HWY_INLINE void pass(const T* row, size_t columns, const Wide<T>* thresholds) {
    for_each_vector(row, columns, [&](V values, size_t k) HWY_ATTR {
      validity.add(values);
      num_confident += hn::CountTrue(d, hn::Ge(values, hn::LoadU(d, thresholds + k)));
      maximum = hn::Max(maximum, values);
      sum = hn::Add(sum, values);
    });
  }

  /// The maximum over the confident columns, in all lanes.
  HWY_INLINE V confident_maximum(const T* row, size_t columns, const Wide<T>* thresholds) const {
    V best = validity.lowest;
    for_each_vector(row, columns, [&](V values, size_t k) HWY_ATTR {
      const auto confident = hn::Ge(values, hn::LoadU(d, thresholds + k));
      best = hn::Max(best, hn::IfThenElse(confident, values, validity.lowest));
    });
    return hn::MaxOfLanes(d, best);
  }

  HWY_INLINE int32_t guess(const T* row, size_t columns, const Wide<T>* thresholds,
                           bool confident_argmax) const {
    if (num_confident == 0) return kNotConfident;
    if (num_confident == 1) {
      return find_first_column(row, columns, [&](V values, size_t k) HWY_ATTR {
        return hn::Ge(values, hn::LoadU(d, thresholds + k));
      });
    }
    if (confident_argmax) {
      const V best = confident_maximum(row, columns, thresholds);
      return find_first_column(row, columns, [&](V values, size_t k) HWY_ATTR {
        return hn::And(hn::Eq(values, best), hn::Ge(values, hn::LoadU(d, thresholds + k)));
      });
    }
    const V best = hn::MaxOfLanes(d, maximum);
    return find_first_column(row, columns,
                             [&](V values, size_t) HWY_ATTR { return hn::Eq(values, best); });
  }
};

template <class T>
JointScanResult joint_scan_rows(const JointScanInput<T>& input, int32_t* guesses, uint8_t* flags) {
  JointScanResult result;
  const auto columns = static_cast<size_t>(input.rows.columns);
  for (int64_t i = 0; i < input.rows.count; ++i) {
    const int32_t label = input.labels[i];
    guesses[i] = kNotConfident;
    flags[i] = 0;
    if (label == kIgnored) continue;
    const T* row = input.rows.row(i);
    RowScan<T> scan;
    scan.pass(row, columns, input.thresholds);
    if (HWY_UNLIKELY(scan.validity.failed())) {
      result.invalid_row = i;
      return result;
    }
    const auto sum = static_cast<double>(hn::GetLane(hn::SumOfLanes(scan.d, scan.sum)));
    result.num_unnormalized += sum - 1 > kRowSumTolerance || 1 - sum > kRowSumTolerance;

    const auto self_confidence = static_cast<double>(widen(row[label]));
    const auto cut = round_down<Wide<T>>(self_confidence + kProbabilityTolerance);
    const bool disagrees = !hn::AllFalse(scan.d, hn::Gt(scan.maximum, hn::Set(scan.d, cut)));
    const int32_t guess = scan.guess(row, columns, input.thresholds, input.confident_argmax);
    guesses[i] = guess;
    flags[i] = static_cast<uint8_t>(
        kCounted | (disagrees ? kDisagrees : 0) |
        (disagrees && guess != kNotConfident && guess != label ? kOffDiagonal : 0));
  }
  return result;
}

JointScanResult joint_scan_f16(const JointScanInput<float16>& input, int32_t* guesses,
                               uint8_t* flags) {
  return joint_scan_rows(input, guesses, flags);
}
JointScanResult joint_scan_f32(const JointScanInput<float>& input, int32_t* guesses,
                               uint8_t* flags) {
  return joint_scan_rows(input, guesses, flags);
}
JointScanResult joint_scan_f64(const JointScanInput<double>& input, int32_t* guesses,
                               uint8_t* flags) {
  return joint_scan_rows(input, guesses, flags);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

HWY_EXPORT(joint_scan_f16);
HWY_EXPORT(joint_scan_f32);
HWY_EXPORT(joint_scan_f64);

JointScanResult joint_scan(const JointScanInput<float16>& input, int32_t* guesses, uint8_t* flags) {
  return HWY_DYNAMIC_DISPATCH(joint_scan_f16)(input, guesses, flags);
}
JointScanResult joint_scan(const JointScanInput<float>& input, int32_t* guesses, uint8_t* flags) {
  return HWY_DYNAMIC_DISPATCH(joint_scan_f32)(input, guesses, flags);
}
JointScanResult joint_scan(const JointScanInput<double>& input, int32_t* guesses, uint8_t* flags) {
  return HWY_DYNAMIC_DISPATCH(joint_scan_f64)(input, guesses, flags);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
