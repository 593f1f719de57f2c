#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/confident_class_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                                  // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/bounds.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/dispatch.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// One row: lanes behind the last column meet an infinite threshold.
template <class T>
HWY_INLINE int32_t confident_class(const T* row, size_t columns, const Wide<T>* thresholds,
                                   bool best_confident) {
  using V = RowVec<T>;
  const RowTag<T> d;
  const V lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const auto is_confident = [&](V values, size_t k)
                                HWY_ATTR { return hn::Ge(values, hn::LoadU(d, thresholds + k)); };
  V maximum = lowest;
  V confident_maximum = lowest;
  size_t num_confident = 0;
  for_each_vector(row, columns, [&](V values, size_t k) HWY_ATTR {
    const auto confident = is_confident(values, k);
    num_confident += hn::CountTrue(d, confident);
    maximum = hn::Max(maximum, values);
    confident_maximum = hn::Max(confident_maximum, hn::IfThenElse(confident, values, lowest));
  });
  if (num_confident == 0) return kNotConfident;
  if (num_confident == 1) return find_first_column(row, columns, is_confident);
  const V best = hn::MaxOfLanes(d, best_confident ? confident_maximum : maximum);
  if (!best_confident) {
    return find_first_column(row, columns,
                             [&](V values, size_t) HWY_ATTR { return hn::Eq(values, best); });
  }
  return find_first_column(row, columns, [&](V values, size_t k) HWY_ATTR {
    return hn::And(hn::Eq(values, best), is_confident(values, k));
  });
}

template <class T>
void confident_classes_of(const Rows<T>& rows, const Wide<T>* thresholds, bool best_confident,
                          int32_t* guesses) {
  const auto columns = static_cast<size_t>(rows.columns);
  for (int64_t i = 0; i < rows.count; ++i) {
    guesses[i] = confident_class(rows.row(i), columns, thresholds, best_confident);
  }
}

void confident_classes_f16(const Rows<float16>& rows, const float* thresholds, bool best_confident,
                           int32_t* guesses) {
  confident_classes_of(rows, thresholds, best_confident, guesses);
}
void confident_classes_f32(const Rows<float>& rows, const float* thresholds, bool best_confident,
                           int32_t* guesses) {
  confident_classes_of(rows, thresholds, best_confident, guesses);
}
void confident_classes_f64(const Rows<double>& rows, const double* thresholds, bool best_confident,
                           int32_t* guesses) {
  confident_classes_of(rows, thresholds, best_confident, guesses);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(confident_classes_f16);
LABELSIEVE_EXPORT(confident_classes_f32);
LABELSIEVE_EXPORT(confident_classes_f64);

void confident_classes(const Rows<float16>& rows, const float* thresholds, bool best_confident,
                       int32_t* guesses) {
  LABELSIEVE_DISPATCH(confident_classes_f16)(rows, thresholds, best_confident, guesses);
}
void confident_classes(const Rows<float>& rows, const float* thresholds, bool best_confident,
                       int32_t* guesses) {
  LABELSIEVE_DISPATCH(confident_classes_f32)(rows, thresholds, best_confident, guesses);
}
void confident_classes(const Rows<double>& rows, const double* thresholds, bool best_confident,
                       int32_t* guesses) {
  LABELSIEVE_DISPATCH(confident_classes_f64)(rows, thresholds, best_confident, guesses);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
