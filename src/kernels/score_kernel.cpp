#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/score_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/bounds.h"
#include "kernels/dispatch.h"
#include "kernels/entropy-inl.h"
#include "kernels/label_decode.h"
#include "kernels/score_kernel.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// The vectors of a row, or of a column of rows: what a margin needs of them, and whether they were
/// probabilities, in fewer instructions than comparing each number with both bounds.
template <class T>
struct OtherClasses {
  HWY_INLINE OtherClasses() {}

  const RowTag<T> d{};
  const RowVec<T> lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const RowVec<T> highest = hn::Set(d, ProbabilityBounds<Wide<T>>().highest);
  RowVec<T> maximum = lowest;  // of the lanes that are not given labels
  RowVec<T> minimum = highest;
  RowVec<T> sum = hn::Zero(d);

  HWY_INLINE void add(RowVec<T> values) { add(values, values); }

  /// `others` is `values` with `lowest` in the place of given labels.
  HWY_INLINE void add(RowVec<T> values, RowVec<T> others) {
    sum = hn::Add(sum, values);
    minimum = hn::Min(minimum, values);
    maximum = hn::Max(maximum, others);
  }

  /// The given labels' own probabilities are only seen here if they are too low or NaN. NaN may
  /// escape the extremes, never the sum.
  HWY_INLINE hn::Mask<RowTag<T>> invalid() const {
    return hn::Or(hn::Or(hn::Lt(minimum, lowest), hn::Gt(maximum, highest)),
                  hn::Not(hn::Eq(sum, sum)));
  }
};

/// (own - other + 1) / 2 in the element's type, in [0, 1].
template <class D>
HWY_INLINE hn::Vec<D> margin_score(D d, hn::Vec<D> own, hn::Vec<D> other) {
  using W = hn::TFromD<D>;
  const auto one = hn::Set(d, W{1});
  const auto margin = hn::Mul(hn::Add(hn::Sub(own, other), one), hn::Set(d, W{0.5}));
  return hn::Min(hn::Max(margin, hn::Zero(d)), one);
}

/// Writes the lanes in double precision.
template <class D>
HWY_INLINE void store_widened(D d, hn::Vec<D> values, double* out) {
  const hn::ScalableTag<double> d64;
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    hn::StoreU(values, d, out);
  } else {
#if HWY_TARGET == HWY_SCALAR
    hn::StoreU(hn::PromoteTo(d64, values), d64, out);
    (void)d;
#else
    const hn::Half<D> half;
    hn::StoreU(hn::PromoteTo(d64, hn::LowerHalf(half, values)), d64, out);
    hn::StoreU(hn::PromoteTo(d64, hn::UpperHalf(half, values)), d64, out + hn::Lanes(half));
    (void)d;
#endif
  }
}

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Row by row from `first` on, a vector of columns at a time.
template <class T>
int64_t normalized_margin_by_rows(const Rows<T>& rows, int64_t first, const int32_t* labels,
                                  double* out) {
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  const size_t lanes = hn::Lanes(d);
  const ProbabilityBounds<Wide<T>> bounds;
  for (int64_t i = first; i < rows.count; ++i) {
    if (labels[i] == kIgnored) {
      out[i] = kNaN;
      continue;
    }
    const T* row = rows.row(i);
    const auto label = static_cast<size_t>(labels[i]);
    const size_t label_vector = label / lanes * lanes;
    const auto others =
        hn::Ne(hn::Iota(d, Wide<T>{0}), hn::Set(d, static_cast<Wide<T>>(label - label_vector)));
    OtherClasses<T> found;
    for_each_vector(row, columns, [&](RowVec<T> values, size_t k) HWY_ATTR {
      if (k != label_vector) {
        found.add(values);
      } else {
        found.add(values, hn::IfThenElse(others, values, found.lowest));
      }
    });
    const Wide<T> own = widen(row[label]);
    if (HWY_UNLIKELY(!bounds.contain(own) || !hn::AllFalse(d, found.invalid()))) return i;
    const auto other = columns == 1 ? hn::Zero(d) : hn::MaxOfLanes(d, found.maximum);
    out[i] = static_cast<double>(hn::GetLane(margin_score(d, hn::Set(d, own), other)));
  }
  return kAllRowsValid;
}

/// As many rows at once as a vector has lanes, column after column. Returns the number of rows
/// done: it stops before invalid rows.
template <class T>
int64_t normalized_margin_by_columns(const Rows<T>& rows, const int32_t* labels, double* out) {
  const RowTag<T> d;
  const auto one = hn::Set(d, Wide<T>{1});
  const auto nan = hn::Set(d, std::numeric_limits<Wide<T>>::quiet_NaN());
  return for_each_turned(rows, [&](const TurnedRows<T>& turned, int64_t i, int64_t at) HWY_ATTR {
    const auto given = load_classes(d, labels + i);
    OtherClasses<T> found;
    auto own = hn::Zero(d);
    auto column = hn::Zero(d);
    for (int64_t k = 0; k < rows.columns; ++k) {
      const auto values = turned.column(k, at);
      const auto is_given = hn::Eq(given, column);
      own = hn::IfThenElse(is_given, values, own);
      found.add(values, hn::IfThenElse(is_given, found.lowest, values));
      column = hn::Add(column, one);
    }
    const auto counted = hn::Ge(given, hn::Zero(d));
    const auto invalid = hn::Or(found.invalid(), hn::Gt(own, found.highest));
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::And(invalid, counted)))) return false;
    const auto other = rows.columns == 1 ? hn::Zero(d) : found.maximum;
    store_widened(d, hn::IfThenElse(counted, margin_score(d, own, other), nan), out + i);
    return true;
  });
}

template <class T>
int64_t normalized_margin_rows(const Rows<T>& rows, const int32_t* labels, double* out) {
  const int64_t done =
      rows.columns <= kMaxColumnsInTurn ? normalized_margin_by_columns(rows, labels, out) : 0;
  return normalized_margin_by_rows(rows, done, labels, out);
}

/// Adds the lanes of `values` to a sum in double precision.
template <class D>
HWY_INLINE void add_widened(D d, hn::Vec<D> values, hn::Vec<hn::ScalableTag<double>>& sum) {
  const hn::ScalableTag<double> d64;
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    sum = hn::Add(sum, values);
  } else {
#if HWY_TARGET == HWY_SCALAR
    sum = hn::Add(sum, hn::PromoteTo(d64, values));
    (void)d;
#else
    const hn::Half<D> half;
    sum = hn::Add(sum, hn::PromoteTo(d64, hn::LowerHalf(half, values)));
    sum = hn::Add(sum, hn::PromoteTo(d64, hn::UpperHalf(half, values)));
    (void)d;
#endif
  }
}

/// -Σ p ln p over a row. The products are in the element's type, their sum in double precision.
/// Sets `valid` to whether all elements are probabilities.
template <class T>
HWY_INLINE double entropy(const T* row, size_t columns, bool& valid) {
  const RowTag<T> d;
  ValidityCheck<T> validity;
  auto sum = hn::Zero(hn::ScalableTag<double>());
  for_each_vector(row, columns, [&](RowVec<T> values, size_t) HWY_ATTR {
    validity.add(values);
    add_widened(d, entropy_term(d, values), sum);
  });
  valid = !validity.failed();
  return -hn::GetLane(hn::SumOfLanes(hn::ScalableTag<double>(), sum));
}

/// log1p_ratio() of some numbers, in place.
HWY_INLINE void take_log1p_ratios(double* numbers, int64_t count) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    hn::StoreU(log1p_ratio(d, hn::LoadU(d, numbers + i)), d, numbers + i);
  }
  if (i == count) return;
  const auto rest = static_cast<size_t>(count - i);
  HWY_ALIGN double last[hn::MaxLanes(d)];
  hn::Store(log1p_ratio(d, load_first_lanes(numbers + i, rest)), d, last);
  std::copy_n(last, rest, numbers + i);
}

template <class T>
int64_t confidence_weighted_entropy_rows(const Rows<T>& rows, const int32_t* labels, double* out) {
  const auto columns = static_cast<size_t>(rows.columns);
  const double norm = columns == 1 ? 1 : std::log(static_cast<double>(columns));
  for (int64_t i = 0; i < rows.count; ++i) {
    if (labels[i] == kIgnored) {
      out[i] = kNaN;
      continue;
    }
    const T* row = rows.row(i);
    bool valid = true;
    const double normalized = std::max(entropy(row, columns, valid), 0.0) / norm;
    if (HWY_UNLIKELY(!valid)) return i;
    const auto self_confidence = static_cast<double>(widen(row[labels[i]]));
    // A label that the model excludes has a score of 0, the limit of log1p_ratio().
    out[i] = self_confidence <= 0 ? std::numeric_limits<double>::infinity()
             : columns == 1       ? 0
                                  : normalized / std::min(self_confidence, 1.0);
  }
  take_log1p_ratios(out, rows.count);
  return kAllRowsValid;
}

/// Row by row from `first` on, a vector of columns at a time.
template <class T>
int64_t argmax_by_rows(const Rows<T>& rows, int64_t first, const int32_t* labels, int32_t* out) {
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  for (int64_t i = first; i < rows.count; ++i) {
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

/// As many rows at once as a vector has lanes, column after column. Returns the number of rows
/// done: it stops before invalid rows.
template <class T>
int64_t argmax_by_columns(const Rows<T>& rows, const int32_t* labels, int32_t* out) {
  const RowTag<T> d;
  return for_each_turned(rows, [&](const TurnedRows<T>& turned, int64_t i, int64_t at) HWY_ATTR {
    const auto counted = hn::Ge(load_classes(d, labels + i), hn::Zero(d));
    OtherClasses<T> found;
    auto best = hn::Zero(d);
    auto column = hn::Zero(d);
    for (int64_t k = 0; k < rows.columns; ++k) {
      const auto values = turned.column(k, at);
      best = hn::IfThenElse(hn::Gt(values, found.maximum), column, best);
      found.add(values);
      column = hn::Add(column, hn::Set(d, Wide<T>{1}));
    }
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::And(found.invalid(), counted)))) return false;
    // What was there, no class or one, stays there for ignored rows.
    best = hn::IfThenElse(counted, best, load_classes(d, out + i));
    hn::StoreU(to_int32(d, best), hn::Rebind<int32_t, decltype(d)>(), out + i);
    return true;
  });
}

template <class T>
int64_t argmax_rows(const Rows<T>& rows, const int32_t* labels, int32_t* out) {
  const int64_t done = rows.columns <= kMaxColumnsInTurn ? argmax_by_columns(rows, labels, out) : 0;
  return argmax_by_rows(rows, done, labels, out);
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
  LABELSIEVE_EXPORT(normalized_margin_##suffix);                                                 \
  LABELSIEVE_EXPORT(confidence_weighted_entropy_##suffix);                                       \
  LABELSIEVE_EXPORT(argmax_##suffix);                                                            \
  int64_t normalized_margin(const Rows<T>& rows, const int32_t* labels, double* out) {           \
    return LABELSIEVE_DISPATCH(normalized_margin_##suffix)(rows, labels, out);                   \
  }                                                                                              \
  int64_t confidence_weighted_entropy(const Rows<T>& rows, const int32_t* labels, double* out) { \
    return LABELSIEVE_DISPATCH(confidence_weighted_entropy_##suffix)(rows, labels, out);         \
  }                                                                                              \
  int64_t argmax(const Rows<T>& rows, const int32_t* labels, int32_t* out) {                     \
    return LABELSIEVE_DISPATCH(argmax_##suffix)(rows, labels, out);                              \
  }
LABELSIEVE_SCORE_KERNELS(f16, float16)
LABELSIEVE_SCORE_KERNELS(f32, float)
LABELSIEVE_SCORE_KERNELS(f64, double)
#undef LABELSIEVE_SCORE_KERNELS

}  // namespace labelsieve
#endif  // HWY_ONCE
