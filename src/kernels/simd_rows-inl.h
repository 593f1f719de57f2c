// Vectors of a row of probabilities, for whichever target is being compiled. Included by kernels
// once per target, inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#undef LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#else
#define LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstring>

#include "kernels/bounds.h"
#include "kernels/rows.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using RowTag = hn::ScalableTag<Wide<T>>;
template <class T>
using RowVec = hn::Vec<RowTag<T>>;

HWY_INLINE RowVec<float> load_lanes(const float* p) { return hn::LoadU(RowTag<float>(), p); }
HWY_INLINE RowVec<double> load_lanes(const double* p) { return hn::LoadU(RowTag<double>(), p); }
HWY_INLINE RowVec<float16> load_lanes(const float16* p) {
  const RowTag<float16> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> half;
  return hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(p)));
}

/// The first `count` lanes from memory, 0 in the others; reads nothing behind them.
template <class T>
HWY_INLINE RowVec<T> load_first_lanes(const T* p, size_t count) {
  const RowTag<T> d;
#if HWY_TARGET == HWY_AVX2 || !HWY_MEM_OPS_MIGHT_FAULT
  // These targets mask loads of 4 and 8 byte lanes in hardware.
  if constexpr (sizeof(T) >= 4) return hn::MaskedLoad(hn::FirstN(d, count), d, p);
#endif
  HWY_ALIGN T lanes[hn::MaxLanes(d)] = {};
  std::memcpy(lanes, p, count * sizeof(T));
  return load_lanes(lanes);
}

/// Calls f(values, k) for the vectors of a row, k their first column. Lanes behind the last column
/// hold the lowest valid probability, which never exceeds a row's maximum.
template <class T, class F>
HWY_INLINE void for_each_vector(const T* row, size_t columns, const F& f) {
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t k = 0;
  for (; k + lanes <= columns; k += lanes) f(load_lanes(row + k), k);
  if (k < columns) {
    const size_t rest = columns - k;
    const auto lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
    f(hn::IfThenElse(hn::FirstN(d, rest), load_first_lanes(row + k, rest), lowest), k);
  }
}

/// The first column that satisfies condition(values, k); one must exist.
template <class T, class Condition>
HWY_INLINE int32_t find_first_column(const T* row, size_t columns, const Condition& condition) {
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t k = 0;
  for (; k + lanes <= columns; k += lanes) {
    const intptr_t lane = hn::FindFirstTrue(d, condition(load_lanes(row + k), k));
    if (lane >= 0) return static_cast<int32_t>(k) + static_cast<int32_t>(lane);
  }
  const size_t rest = columns - k;
  const auto lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const auto values = hn::IfThenElse(hn::FirstN(d, rest), load_first_lanes(row + k, rest), lowest);
  return static_cast<int32_t>(k) + static_cast<int32_t>(hn::FindFirstTrue(d, condition(values, k)));
}

/// Collects the vectors that hold something else than valid probabilities.
template <class T>
struct ValidityCheck {
  // Written out: an implicit constructor would be compiled without the target's instructions.
  HWY_INLINE ValidityCheck() {}

  const RowTag<T> d{};
  const RowVec<T> lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const RowVec<T> highest = hn::Set(d, ProbabilityBounds<Wide<T>>().highest);
  hn::Mask<RowTag<T>> invalid = hn::FirstN(d, 0);

  HWY_INLINE void add(RowVec<T> values) {
    // NaN fails both comparisons.
    invalid = hn::Or(invalid, hn::Not(hn::And(hn::Ge(values, lowest), hn::Le(values, highest))));
  }
  HWY_INLINE bool failed() const { return !hn::AllFalse(d, invalid); }
};

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
