#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/rival_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

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

HWY_INLINE ProductVec load_products(const double* p) { return hn::LoadU(ProductTag(), p); }
HWY_INLINE ProductVec load_products(const float* p) {
  const hn::Rebind<float, ProductTag> narrow;
  return hn::PromoteTo(ProductTag(), hn::LoadU(narrow, p));
}
HWY_INLINE ProductVec load_products(const float16* p) {
  const hn::Rebind<float, ProductTag> narrow;
  const hn::Rebind<hwy::float16_t, ProductTag> half;
  return hn::PromoteTo(
      ProductTag(),
      hn::PromoteTo(narrow, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(p))));
}

/// The largest product in each lane, and the first column where it was.
struct LaneMaxima {
  HWY_INLINE LaneMaxima() {}

  const ProductTag d{};
  ProductVec floor = hn::Set(d, kAutoProbabilityFloor);
  ProductVec largest = hn::Zero(d);
  ProductVec columns = hn::Zero(d);
  ProductVec column = hn::Iota(d, 0.0);

  HWY_INLINE void add(ProductVec values, const double* factors) {
    const auto products = hn::Mul(hn::Max(values, floor), hn::LoadU(d, factors));
    const auto is_larger = hn::Gt(products, largest);
    largest = hn::IfThenElse(is_larger, products, largest);
    columns = hn::IfThenElse(is_larger, column, columns);
    column = hn::Add(column, hn::Set(d, static_cast<double>(hn::Lanes(d))));
  }

  HWY_INLINE int32_t first_column() const {
    const auto highest = hn::MaxOfLanes(d, largest);
    const auto beyond = hn::Set(d, 1e18);
    return static_cast<int32_t>(
        hn::GetLane(hn::MinOfLanes(d, hn::IfThenElse(hn::Eq(largest, highest), columns, beyond))));
  }
};

template <class T>
void rivals_of(const Rows<T>& rows, const int32_t* labels, const double* factors, int32_t* rivals) {
  const ProductTag d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const int64_t stride = padded_columns(rows.columns);
  const int64_t whole = rows.columns - rows.columns % lanes;
  HWY_ALIGN T rest[hn::MaxLanes(d)] = {};
  for (int64_t i = 0; i < rows.count; ++i) {
    rivals[i] = 0;
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    const double* own_factors = factors + labels[i] * stride;
    LaneMaxima maxima;
    for (int64_t k = 0; k < whole; k += lanes) {
      maxima.add(load_products(row + k), own_factors + k);
    }
    if (whole < rows.columns) {
      std::memcpy(rest, row + whole, static_cast<size_t>(rows.columns - whole) * sizeof(T));
      maxima.add(load_products(rest), own_factors + whole);
    }
    rivals[i] = maxima.first_column();
  }
}

void rivals_f16(const Rows<float16>& rows, const int32_t* labels, const double* factors,
                int32_t* rivals) {
  rivals_of(rows, labels, factors, rivals);
}
void rivals_f32(const Rows<float>& rows, const int32_t* labels, const double* factors,
                int32_t* rivals) {
  rivals_of(rows, labels, factors, rivals);
}
void rivals_f64(const Rows<double>& rows, const int32_t* labels, const double* factors,
                int32_t* rivals) {
  rivals_of(rows, labels, factors, rivals);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

HWY_EXPORT(rivals_f16);
HWY_EXPORT(rivals_f32);
HWY_EXPORT(rivals_f64);

void find_rivals(const Rows<float16>& rows, const int32_t* labels, const double* factors,
                 int32_t* rivals) {
  HWY_DYNAMIC_DISPATCH(rivals_f16)(rows, labels, factors, rivals);
}
void find_rivals(const Rows<float>& rows, const int32_t* labels, const double* factors,
                 int32_t* rivals) {
  HWY_DYNAMIC_DISPATCH(rivals_f32)(rows, labels, factors, rivals);
}
void find_rivals(const Rows<double>& rows, const int32_t* labels, const double* factors,
                 int32_t* rivals) {
  HWY_DYNAMIC_DISPATCH(rivals_f64)(rows, labels, factors, rivals);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
