// Vectors of multi-label rows, for whichever target is being compiled. Included by kernels once per
// target, inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_MULTILABEL_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_MULTILABEL_ROWS_INL_H_
#undef LABELSIEVE_KERNELS_MULTILABEL_ROWS_INL_H_
#else
#define LABELSIEVE_KERNELS_MULTILABEL_ROWS_INL_H_
#endif

#include <hwy/highway.h>

#include <algorithm>
#include <cstring>

#include "kernels/rows.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// Which lanes have a label byte that is not 0.
template <class D>
HWY_INLINE hn::Mask<D> load_labels(D d, const uint8_t* labels) {
  const hn::Rebind<uint8_t, D> d8;
  const hn::Rebind<uint32_t, D> d32;
  const auto wide = hn::PromoteTo(d32, hn::LoadU(d8, labels));
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    const hn::Rebind<uint64_t, D> d64;
    return hn::RebindMask(d, hn::Ne(hn::PromoteTo(d64, wide), hn::Zero(d64)));
  } else {
    return hn::RebindMask(d, hn::Ne(wide, hn::Zero(d32)));
  }
}

/// A vector of probabilities of a row from column k on; 0 behind the last column.
template <class T>
HWY_INLINE RowVec<T> load_columns(const T* row, size_t k, size_t columns) {
  const size_t lanes = hn::Lanes(RowTag<T>());
  return k + lanes <= columns ? load_lanes(row + k) : load_first_lanes(row + k, columns - k);
}

/// Stores the lanes of the columns that are left.
template <class D>
HWY_INLINE void store_columns(D d, hn::Vec<D> values, hn::TFromD<D>* to, size_t columns_left) {
  hn::BlendedStore(values, hn::FirstN(d, columns_left), d, to);
}

using Doubles = hn::Vec<hn::ScalableTag<double>>;

/// As many elements as a vector has doubles, from column k on, in the type they are widened to.
template <class T>
HWY_INLINE auto load_for_doubles(const T* row, size_t k, size_t columns) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<Wide<T>, decltype(d)> wide;
  HWY_ALIGN T lanes[hn::MaxLanes(d)] = {};
  const T* from = row + k;
  if (HWY_UNLIKELY(k + hn::Lanes(d) > columns)) {
    std::memcpy(lanes, from, (columns - k) * sizeof(T));
    from = lanes;
  }
  if constexpr (std::is_same_v<T, float16>) {
    const hn::Rebind<hwy::float16_t, decltype(d)> half;
    return hn::PromoteTo(wide, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(from)));
  } else {
    return hn::LoadU(wide, from);
  }
}

template <class V>
HWY_INLINE Doubles to_doubles(V values) {
  if constexpr (std::is_same_v<V, Doubles>) {
    return values;
  } else {
    return hn::PromoteTo(hn::ScalableTag<double>(), values);
  }
}

/// Rows at a time that stay in the first-level cache while one vector of columns after another is
/// taken from them.
inline int64_t rows_in_cache(int64_t columns, size_t element_bytes) {
  constexpr int64_t kCacheBytes = int64_t{24} << 10;
  const int64_t row_bytes = columns * (static_cast<int64_t>(element_bytes) + 1);
  return std::clamp<int64_t>(kCacheBytes / std::max<int64_t>(row_bytes, 1), 4, 256);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
