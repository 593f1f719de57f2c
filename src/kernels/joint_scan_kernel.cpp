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

/// What a row's numbers say, once they are known: the same for both ways of scanning.
HWY_INLINE uint8_t row_flags(double self_confidence, double maximum, int32_t label, int32_t guess) {
  if (maximum <= self_confidence + kProbabilityTolerance) return kCounted;
  return static_cast<uint8_t>(kCounted | kDisagrees |
                              (guess != kNotConfident && guess != label ? kOffDiagonal : 0));
}

/// Scans row by row from `first` on, a vector of columns at a time. Stops at an invalid row.
template <class T>
void scan_by_rows(const JointScanInput<T>& input, int64_t first, int32_t* guesses, uint8_t* flags,
                  JointScanResult& result) {
  const auto columns = static_cast<size_t>(input.rows.columns);
  const auto sum_tolerance = static_cast<Wide<T>>(kRowSumTolerance);
  for (int64_t i = first; i < input.rows.count; ++i) {
    const int32_t label = input.labels[i];
    guesses[i] = kNotConfident;
    flags[i] = 0;
    if (label == kIgnored) continue;
    const T* row = input.rows.row(i);
    RowScan<T> scan;
    scan.pass(row, columns, input.thresholds);
    if (HWY_UNLIKELY(scan.validity.failed())) {
      result.invalid_row = i;
      return;
    }
    const Wide<T> sum = hn::GetLane(hn::SumOfLanes(scan.d, scan.sum));
    result.num_unnormalized += sum - 1 > sum_tolerance || 1 - sum > sum_tolerance;
    guesses[i] = scan.guess(row, columns, input.thresholds, input.confident_argmax);
    flags[i] = row_flags(static_cast<double>(widen(row[label])),
                         static_cast<double>(hn::GetLane(hn::MaxOfLanes(scan.d, scan.maximum))),
                         label, guesses[i]);
  }
}

/// What a vector of rows has come to after some of its columns. kBestConfident: collisions go to
/// the best confident class.
template <class T, bool kBestConfident>
struct RowsScan {
  using V = RowVec<T>;
  HWY_INLINE RowsScan() {}  // as in ValidityCheck

  const RowTag<T> d{};
  const V none = hn::Set(d, Wide<T>{kNotConfident});
  ValidityCheck<T> validity;
  V sum = hn::Zero(d);
  V maximum = validity.lowest;
  V argmax = hn::Zero(d);
  V self_confidence = hn::Zero(d);
  V first_confident = none;
  V best_confident = none;
  V confident_maximum = validity.lowest;
  hn::Mask<RowTag<T>> several = hn::FirstN(d, 0);

  HWY_INLINE void add(V values, V column, V labels, V thresholds) {
    validity.add(values);
    sum = hn::Add(sum, values);
    self_confidence = hn::IfThenElse(hn::Eq(labels, column), values, self_confidence);
    argmax = hn::IfThenElse(hn::Gt(values, maximum), column, argmax);
    maximum = hn::Max(maximum, values);
    const auto confident = hn::Ge(values, thresholds);
    const auto first = hn::And(confident, hn::Eq(first_confident, none));
    first_confident = hn::IfThenElse(first, column, first_confident);
    if constexpr (kBestConfident) {
      // The first confident value counts however small it is.
      const auto best = hn::Or(first, hn::And(confident, hn::Gt(values, confident_maximum)));
      best_confident = hn::IfThenElse(best, column, best_confident);
      confident_maximum = hn::IfThenElse(best, values, confident_maximum);
    } else {
      several = hn::Or(several, hn::AndNot(first, confident));
    }
  }

  HWY_INLINE V guess() const {
    if constexpr (kBestConfident) return best_confident;
    return hn::IfThenElse(several, argmax, first_confident);
  }
};

/// Scans as many rows at once as a vector has lanes, column after column. Returns the number of
/// rows done: it stops before a last incomplete vector of rows, and before invalid ones.
template <bool kBestConfident, class T>
int64_t scan_by_columns(const JointScanInput<T>& input, int32_t* guesses, uint8_t* flags,
                        JointScanResult& result) {
  const RowTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto sum_tolerance = hn::Set(d, static_cast<Wide<T>>(kRowSumTolerance));
  HWY_ALIGN Wide<T> maxima[hn::MaxLanes(d)];
  HWY_ALIGN Wide<T> own[hn::MaxLanes(d)];
  TurnedRows<T> turned;
  int64_t num_turned = 0;  // rows up to here have been turned

  int64_t i = 0;
  for (; i + lanes <= input.rows.count; i += lanes) {
    if (i == num_turned) {
      const int64_t count = HWY_MIN(input.rows.count - i, TurnedRows<T>::kRows);
      turned.turn(input.rows, i, count);
      num_turned += TurnedRows<T>::kRows;
    }
    const int64_t at = i % TurnedRows<T>::kRows;
    const auto labels = load_classes(d, input.labels + i);
    RowsScan<T, kBestConfident> scan;
    for (int64_t k = 0; k < input.rows.columns; ++k) {
      scan.add(turned.column(k, at), hn::Set(d, static_cast<Wide<T>>(k)), labels,
               hn::Set(d, input.thresholds[k]));
    }
    const auto counted = hn::Ge(labels, hn::Zero(d));
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::And(scan.validity.invalid, counted)))) return i;
    const auto off_one = hn::Gt(hn::Abs(hn::Sub(scan.sum, hn::Set(d, Wide<T>{1}))), sum_tolerance);
    result.num_unnormalized += static_cast<int64_t>(hn::CountTrue(d, hn::And(off_one, counted)));
    store_classes(d, hn::IfThenElse(counted, scan.guess(), scan.none), guesses + i);
    hn::Store(scan.maximum, d, maxima);
    hn::Store(scan.self_confidence, d, own);
    for (int64_t lane = 0; lane < lanes; ++lane) {
      const int32_t label = input.labels[i + lane];
      flags[i + lane] = row_flags(static_cast<double>(own[lane]), static_cast<double>(maxima[lane]),
                                  label, guesses[i + lane]);
      if (label == kIgnored) flags[i + lane] = 0;
    }
  }
  return i;
}

template <class T>
JointScanResult joint_scan_rows(const JointScanInput<T>& input, int32_t* guesses, uint8_t* flags) {
  JointScanResult result;
  int64_t done = 0;
  if (input.rows.columns <= kMaxColumnsInTurn) {
    done = input.confident_argmax ? scan_by_columns<true>(input, guesses, flags, result)
                                  : scan_by_columns<false>(input, guesses, flags, result);
  }
  scan_by_rows(input, done, guesses, flags, result);
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
