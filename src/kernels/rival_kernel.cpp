#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/rival_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/rival_kernel.h"
#include "kernels/simd_rows-inl.h"
#include "labelsieve/auto_model.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

// Products are compared in double precision whatever the elements are.
using ProductTag = hn::ScalableTag<double>;
using ProductVec = hn::Vec<ProductTag>;

/// The first `count` lanes from memory, 0 in the others; reads nothing behind them.
template <class T>
HWY_INLINE ProductVec load_first_products(const T* p, size_t count) {
#if HWY_TARGET == HWY_AVX2 || !HWY_MEM_OPS_MIGHT_FAULT
  // These targets mask loads of 4 and 8 byte lanes in hardware.
  if constexpr (sizeof(T) >= 4) {
    const hn::Rebind<T, ProductTag> narrow;
    const auto values = hn::MaskedLoad(hn::FirstN(narrow, count), narrow, p);
    if constexpr (sizeof(T) == 4) {
      return hn::PromoteTo(ProductTag(), values);
    } else {
      return values;
    }
  }
#endif
  HWY_ALIGN T lanes[hn::MaxLanes(ProductTag())] = {};
  std::memcpy(lanes, p, count * sizeof(T));
  return load_doubles(lanes);
}

/// The largest product in each lane, and the first column where it was.
struct LaneMaxima {
  HWY_INLINE LaneMaxima() {}

  const ProductTag d{};
  ProductVec floor = hn::Set(d, kAutoProbabilityFloor);
  ProductVec largest = hn::Zero(d);
  ProductVec columns = hn::Zero(d);

  HWY_INLINE void add(ProductVec values, const double* factors, int64_t first_column) {
    const auto products = hn::Mul(hn::Max(values, floor), hn::LoadU(d, factors));
    const auto is_larger = hn::Gt(products, largest);
    const auto column = hn::Iota(d, static_cast<double>(first_column));
    largest = hn::IfThenElse(is_larger, products, largest);
    columns = hn::IfThenElse(is_larger, column, columns);
  }

  HWY_INLINE double maximum() const { return hn::GetLane(hn::MaxOfLanes(d, largest)); }

  HWY_INLINE int32_t first_of_maximum() const {
    const auto highest = hn::MaxOfLanes(d, largest);
    const auto beyond = hn::Set(d, 1e18);
    return static_cast<int32_t>(
        hn::GetLane(hn::MinOfLanes(d, hn::IfThenElse(hn::Eq(largest, highest), columns, beyond))));
  }
};

/// A row of at most kMaxColumnsInTurn columns.
template <class T>
HWY_INLINE int32_t rival_in_short_row(const T* row, int64_t columns, const double* factors) {
  const ProductTag d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto floor = hn::Set(d, kAutoProbabilityFloor);
  HWY_ALIGN double products[kMaxColumnsInTurn + hn::MaxLanes(d)];
  auto largest = hn::Zero(d);
  const auto add = [&](ProductVec values, int64_t k) HWY_ATTR {
    const auto product = hn::Mul(hn::Max(values, floor), hn::LoadU(d, factors + k));
    hn::Store(product, d, products + k);
    largest = hn::Max(largest, product);
  };
  const int64_t whole = columns - columns % lanes;
  for (int64_t k = 0; k < whole; k += lanes) add(load_doubles(row + k), k);
  if (whole < columns) {
    add(load_first_products(row + whole, static_cast<size_t>(columns - whole)), whole);
  }
  const auto highest = hn::MaxOfLanes(d, largest);
  for (int64_t k = 0; k < columns; k += lanes) {
    const intptr_t lane = hn::FindFirstTrue(d, hn::Eq(hn::Load(d, products + k), highest));
    if (lane >= 0) return static_cast<int32_t>(k + lane);
  }
  return 0;
}

/// A longer row: its factors are only looked at where the largest of them would be enough to beat
/// the best product so far.
template <class T>
HWY_INLINE int32_t rival_in_long_row(const T* row, int64_t columns, const double* factors,
                                     double largest_factor, double least_product) {
  const RowTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto product_lanes = static_cast<int64_t>(hn::Lanes(ProductTag()));
  const auto floor = hn::Set(d, static_cast<Wide<T>>(kAutoProbabilityFloor));
  HWY_ALIGN T rest[hn::MaxLanes(RowTag<T>())] = {};
  LaneMaxima maxima;
  // A little less, for the rounding of the division.
  const double share = (1 - 1e-6) / largest_factor;
  auto least = hn::Set(d, static_cast<Wide<T>>(least_product * share));
  for (int64_t k = 0; k < columns; k += lanes) {
    const T* values = row + k;
    if (k + lanes > columns) {
      std::memcpy(rest, values, static_cast<size_t>(columns - k) * sizeof(T));
      values = rest;
    }
    const auto candidates = hn::Gt(hn::Max(load_lanes(values), floor), least);
    if (HWY_LIKELY(hn::AllFalse(d, candidates))) continue;
    for (int64_t part = 0; part < lanes; part += product_lanes) {
      maxima.add(load_doubles(values + part), factors + k + part, k + part);
    }
    least = hn::Set(d, static_cast<Wide<T>>(HWY_MAX(maxima.maximum(), least_product) * share));
  }
  return maxima.first_of_maximum();
}

/// The rows may lie far apart: those that come next are asked for while one is looked at.
template <class T>
HWY_INLINE void fetch(const T* row, int64_t columns) {
  constexpr auto kLine = static_cast<int64_t>(64 / sizeof(T));
  for (int64_t k = 0; k < columns; k += kLine) hwy::Prefetch(row + k);
}

template <class T>
void rivals_of(const Rows<T>& rows, const int32_t* labels, const double* factors,
               const double* largest_factors, bool winners_only, int32_t* rivals) {
  // About as many bytes as arrive in the time of one cache miss.
  constexpr auto kAhead = static_cast<int64_t>(1024 / sizeof(T));
  const int64_t stride = padded_columns(rows.columns);
  const int64_t ahead = HWY_MAX(1, kAhead / rows.columns);
  for (int64_t i = 0; i < HWY_MIN(ahead, rows.count); ++i) fetch(rows.row(i), rows.columns);
  for (int64_t i = 0; i < rows.count; ++i) {
    rivals[i] = 0;
    if (i + ahead < rows.count) fetch(rows.row(i + ahead), rows.columns);
    if (labels[i] == kIgnored) continue;
    const double* own_factors = factors + labels[i] * stride;
    const double least = winners_only ? static_cast<double>(widen(rows.row(i)[labels[i]])) : -1;
    rivals[i] = rows.columns <= kMaxColumnsInTurn
                    ? rival_in_short_row(rows.row(i), rows.columns, own_factors)
                    : rival_in_long_row(rows.row(i), rows.columns, own_factors,
                                        largest_factors[labels[i]], least);
  }
}

void rivals_f16(const Rows<float16>& rows, const int32_t* labels, const double* factors,
                const double* largest_factors, bool winners_only, int32_t* rivals) {
  rivals_of(rows, labels, factors, largest_factors, winners_only, rivals);
}
void rivals_f32(const Rows<float>& rows, const int32_t* labels, const double* factors,
                const double* largest_factors, bool winners_only, int32_t* rivals) {
  rivals_of(rows, labels, factors, largest_factors, winners_only, rivals);
}
void rivals_f64(const Rows<double>& rows, const int32_t* labels, const double* factors,
                const double* largest_factors, bool winners_only, int32_t* rivals) {
  rivals_of(rows, labels, factors, largest_factors, winners_only, rivals);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(rivals_f16);
LABELSIEVE_EXPORT(rivals_f32);
LABELSIEVE_EXPORT(rivals_f64);

void find_rivals(const Rows<float16>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals) {
  LABELSIEVE_DISPATCH(rivals_f16)(rows, labels, factors, largest_factors, winners_only, rivals);
}
void find_rivals(const Rows<float>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals) {
  LABELSIEVE_DISPATCH(rivals_f32)(rows, labels, factors, largest_factors, winners_only, rivals);
}
void find_rivals(const Rows<double>& rows, const int32_t* labels, const double* factors,
                 const double* largest_factors, bool winners_only, int32_t* rivals) {
  LABELSIEVE_DISPATCH(rivals_f64)(rows, labels, factors, largest_factors, winners_only, rivals);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
