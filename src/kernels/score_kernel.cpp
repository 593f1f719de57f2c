#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/score_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/label_decode.h"
#include "kernels/score_kernel.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

template <class T>
int64_t normalized_margin_rows(const Rows<T>& rows, const int32_t* labels, double* out) {
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  const size_t lanes = hn::Lanes(d);
  for (int64_t i = 0; i < rows.count; ++i) {
    if (labels[i] == kIgnored) {
      out[i] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const T* row = rows.row(i);
    const auto label = static_cast<size_t>(labels[i]);
    const size_t label_vector = label / lanes * lanes;
    const auto others =
        hn::Ne(hn::Iota(d, Wide<T>{0}), hn::Set(d, static_cast<Wide<T>>(label - label_vector)));
    ValidityCheck<T> validity;
    auto maximum = validity.lowest;
    for_each_vector(row, columns, [&](RowVec<T> values, size_t k) HWY_ATTR {
      validity.add(values);
      if (k == label_vector) values = hn::IfThenElse(others, values, validity.lowest);
      maximum = hn::Max(maximum, values);
    });
    if (HWY_UNLIKELY(validity.failed())) return i;
    const Wide<T> other = columns == 1 ? 0 : hn::GetLane(hn::MaxOfLanes(d, maximum));
    out[i] = std::clamp(static_cast<double>((widen(row[label]) - other + 1) / 2), 0.0, 1.0);
  }
  return kAllRowsValid;
}

using DoubleTag = hn::ScalableTag<double>;
using DoubleVec = hn::Vec<DoubleTag>;

HWY_INLINE DoubleVec load_as_double(const double* p) { return hn::LoadU(DoubleTag(), p); }
HWY_INLINE DoubleVec load_as_double(const float* p) {
  const hn::Rebind<float, DoubleTag> single;
  return hn::PromoteTo(DoubleTag(), hn::LoadU(single, p));
}
HWY_INLINE DoubleVec load_as_double(const float16* p) {
  const hn::Rebind<float, DoubleTag> single;
  const hn::Rebind<hwy::float16_t, DoubleTag> half;
  return hn::PromoteTo(
      DoubleTag(),
      hn::PromoteTo(single, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(p))));
}

/// -Σ p ln p over a row in double precision, with 0 · ln 0 = 0; overshoot is clipped. Sets
/// `valid` to whether all elements are probabilities.
template <class T>
HWY_INLINE double entropy(const T* row, size_t columns, bool& valid) {
  const DoubleTag d;
  const size_t lanes = hn::Lanes(d);
  const ProbabilityBounds<double> bounds;
  auto invalid = hn::FirstN(d, 0);
  auto sum = hn::Zero(d);
  const auto add = [&](DoubleVec values) HWY_ATTR {
    invalid = hn::Or(invalid, hn::Not(hn::And(hn::Ge(values, hn::Set(d, bounds.lowest)),
                                              hn::Le(values, hn::Set(d, bounds.highest)))));
    // The logarithm is finite there, and a zero probability times it is zero.
    const auto smallest = hn::Set(d, std::numeric_limits<double>::min());
    const auto clipped = hn::Min(hn::Max(values, hn::Zero(d)), hn::Set(d, 1.0));
    sum = hn::Sub(sum, hn::Mul(clipped, hn::Log(d, hn::Max(clipped, smallest))));
  };
  size_t k = 0;
  for (; k + lanes <= columns; k += lanes) add(load_as_double(row + k));
  if (k < columns) {
    HWY_ALIGN T last[hn::MaxLanes(d)] = {};
    std::copy(row + k, row + columns, last);
    add(load_as_double(last));
  }
  valid = hn::AllFalse(d, invalid);
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

template <class T>
int64_t confidence_weighted_entropy_rows(const Rows<T>& rows, const int32_t* labels, double* out) {
  const auto columns = static_cast<size_t>(rows.columns);
  const double norm = columns == 1 ? 1 : std::log(static_cast<double>(columns));
  for (int64_t i = 0; i < rows.count; ++i) {
    if (labels[i] == kIgnored) {
      out[i] = std::numeric_limits<double>::quiet_NaN();
      continue;
    }
    const T* row = rows.row(i);
    bool valid = true;
    const double normalized = std::max(entropy(row, columns, valid), 0.0) / norm;
    if (HWY_UNLIKELY(!valid)) return i;
    const auto self_confidence = static_cast<double>(widen(row[labels[i]]));
    if (self_confidence <= 0) {
      out[i] = 0;  // the limit for a label that the model excludes
      continue;
    }
    const double x = columns == 1 ? 0 : normalized / std::min(self_confidence, 1.0);
    out[i] = x > 0 ? std::log1p(x) / x : 1.0;  // 1 is the limit at x = 0
    if (std::isinf(x)) out[i] = 0;
  }
  return kAllRowsValid;
}

template <class T>
int64_t argmax_rows(const Rows<T>& rows, const int32_t* labels, int32_t* out) {
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  for (int64_t i = 0; i < rows.count; ++i) {
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    ValidityCheck<T> validity;
    auto maximum = validity.lowest;
    for_each_vector(row, columns, [&](RowVec<T> values, size_t) HWY_ATTR {
      validity.add(values);
      maximum = hn::Max(maximum, values);
    });
    if (HWY_UNLIKELY(validity.failed())) return i;
    const auto best = hn::MaxOfLanes(d, maximum);
    out[i] = find_first_column(
        row, columns, [&](RowVec<T> values, size_t) HWY_ATTR { return hn::Eq(values, best); });
  }
  return kAllRowsValid;
}

#define LABELSIEVE_SCORE_KERNELS(suffix, T)                                                     \
  int64_t normalized_margin_##suffix(const Rows<T>& rows, const int32_t* labels, double* out) { \
    return normalized_margin_rows(rows, labels, out);                                           \
  }                                                                                             \
  int64_t confidence_weighted_entropy_##suffix(const Rows<T>& rows, const int32_t* labels,      \
                                               double* out) {                                   \
    return confidence_weighted_entropy_rows(rows, labels, out);                                 \
  }                                                                                             \
  int64_t argmax_##suffix(const Rows<T>& rows, const int32_t* labels, int32_t* out) {           \
    return argmax_rows(rows, labels, out);                                                      \
  }
LABELSIEVE_SCORE_KERNELS(f16, float16)
LABELSIEVE_SCORE_KERNELS(f32, float)
LABELSIEVE_SCORE_KERNELS(f64, double)
#undef LABELSIEVE_SCORE_KERNELS

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

#define LABELSIEVE_SCORE_KERNELS(suffix, T)                                                      \
  HWY_EXPORT(normalized_margin_##suffix);                                                        \
  HWY_EXPORT(confidence_weighted_entropy_##suffix);                                              \
  HWY_EXPORT(argmax_##suffix);                                                                   \
  int64_t normalized_margin(const Rows<T>& rows, const int32_t* labels, double* out) {           \
    return HWY_DYNAMIC_DISPATCH(normalized_margin_##suffix)(rows, labels, out);                  \
  }                                                                                              \
  int64_t confidence_weighted_entropy(const Rows<T>& rows, const int32_t* labels, double* out) { \
    return HWY_DYNAMIC_DISPATCH(confidence_weighted_entropy_##suffix)(rows, labels, out);        \
  }                                                                                              \
  int64_t argmax(const Rows<T>& rows, const int32_t* labels, int32_t* out) {                     \
    return HWY_DYNAMIC_DISPATCH(argmax_##suffix)(rows, labels, out);                             \
  }
LABELSIEVE_SCORE_KERNELS(f16, float16)
LABELSIEVE_SCORE_KERNELS(f32, float)
LABELSIEVE_SCORE_KERNELS(f64, double)
#undef LABELSIEVE_SCORE_KERNELS

}  // namespace labelsieve
#endif  // HWY_ONCE
