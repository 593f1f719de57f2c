#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/multilabel_score_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                                   // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "kernels/bounds.h"
#include "kernels/dispatch.h"
#include "kernels/entropy-inl.h"
#include "kernels/multilabel_rows-inl.h"
#include "kernels/multilabel_score_kernel.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

HWY_INLINE Doubles clamp_to_unit(Doubles values) {
  const hn::ScalableTag<double> d;
  return hn::Min(hn::Max(values, hn::Zero(d)), hn::Set(d, 1.0));
}

/// Calls score(p, is_given, at) for the vectors of all labels and stores what it returns; `at` is
/// where the vector begins in `out`.
template <class T, class Score>
HWY_INLINE bool for_each_label(const LabelledRows<T>& in, double* out, const Score& score) {
  const hn::ScalableTag<double> d;
  const size_t lanes = hn::Lanes(d);
  const auto columns = static_cast<size_t>(in.rows.columns);
  const ProbabilityBounds<Wide<T>> bounds;
  const auto lowest = hn::Set(d, static_cast<double>(bounds.lowest));
  const auto highest = hn::Set(d, static_cast<double>(bounds.highest));
  auto valid = hn::FirstN(d, lanes);
  HWY_ALIGN double last[hn::MaxLanes(d)];
  for (int64_t i = 0; i < in.rows.count; ++i) {
    const T* row = in.rows.row(i);
    const size_t start = static_cast<size_t>(i) * columns;
    for (size_t k = 0; k < columns; k += lanes) {
      const auto p = load_for_doubles(row, k, columns);
      const Doubles present = to_doubles(p);
      valid = hn::And(valid, hn::And(hn::Ge(present, lowest), hn::Le(present, highest)));
      const Doubles scores = score(p, load_labels(d, in.labels + start + k));
      if (HWY_LIKELY(k + lanes <= columns)) {
        hn::StoreU(scores, d, out + start + k);
      } else {
        hn::Store(scores, d, last);
        std::copy(last, last + (columns - k), out + start + k);
      }
    }
  }
  return hn::AllTrue(d, valid);
}

template <class T>
bool self_confidence_rows(const LabelledRows<T>& in, double* out) {
  const hn::ScalableTag<double> d;
  return for_each_label(in, out, [&](auto p, hn::Mask<decltype(d)> is_given) HWY_ATTR {
    const hn::Rebind<Wide<T>, decltype(d)> wide;
    const auto absent = hn::Sub(hn::Set(wide, Wide<T>{1}), p);
    return clamp_to_unit(hn::IfThenElse(is_given, to_doubles(p), to_doubles(absent)));
  });
}

template <class T>
bool normalized_margin_rows(const LabelledRows<T>& in, double* out) {
  const hn::ScalableTag<double> d;
  return for_each_label(in, out, [&](auto p, hn::Mask<decltype(d)> is_given) HWY_ATTR {
    const hn::Rebind<Wide<T>, decltype(d)> wide;
    const auto one = hn::Set(wide, Wide<T>{1});
    const auto half = hn::Set(wide, Wide<T>{0.5});
    const auto absent = hn::Sub(one, p);
    const auto if_given = hn::Mul(hn::Add(hn::Sub(p, absent), one), half);
    const auto if_missing = hn::Mul(hn::Add(hn::Sub(absent, p), one), half);
    return clamp_to_unit(hn::IfThenElse(is_given, to_doubles(if_given), to_doubles(if_missing)));
  });
}

template <class T>
bool confidence_weighted_entropy_rows(const LabelledRows<T>& in, double* out) {
  const hn::ScalableTag<double> d;
  const double norm = std::log(2.0);
  return for_each_label(in, out, [&](auto p, hn::Mask<decltype(d)> is_given) HWY_ATTR {
    const hn::Rebind<Wide<T>, decltype(d)> wide;
    const auto zero = hn::Zero(d);
    const auto absent = hn::Sub(hn::Set(wide, Wide<T>{1}), p);
    const auto terms =
        hn::Add(to_doubles(entropy_term(wide, absent)), to_doubles(entropy_term(wide, p)));
    const auto normalized = hn::Div(hn::Max(hn::Neg(terms), zero), hn::Set(d, norm));
    const auto given = hn::IfThenElse(is_given, to_doubles(p), to_doubles(absent));
    const auto x = hn::Div(normalized, hn::Min(given, hn::Set(d, 1.0)));
    // A label that the model excludes has a score of 0.
    return hn::IfThenElse(hn::Gt(given, zero), log1p_ratio(d, x), zero);
  });
}

/// The rows [first, first + lanes), those behind the last one being the last again.
HWY_INLINE void load_turned(const double* scores, int64_t first, int64_t rows, int64_t columns,
                            double* turned) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(hn::ScalableTag<double>()));
  for (int64_t lane = 0; lane < lanes; ++lane) {
    const double* row = scores + std::min(first + lane, rows - 1) * columns;
    for (int64_t k = 0; k < columns; ++k) turned[k * lanes + lane] = row[k];
  }
}

void moving_average_rows(const double* scores, int64_t rows, int64_t columns,
                         const Comparator* network, int64_t network_size, double alpha,
                         double* out) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto newest = hn::Set(d, alpha);
  const auto before = hn::Set(d, 1 - alpha);
  HWY_ALIGN double turned[kMaxNetworkColumns * hn::MaxLanes(d)];
  HWY_ALIGN double averages[hn::MaxLanes(d)];
  for (int64_t i = 0; i < rows; i += lanes) {
    load_turned(scores, i, rows, columns, turned);
    for (int64_t c = 0; c < network_size; ++c) {
      double* low = turned + network[c].low * lanes;
      double* high = turned + network[c].high * lanes;
      const auto a = hn::Load(d, low);
      const auto b = hn::Load(d, high);
      hn::Store(hn::Min(a, b), d, low);
      hn::Store(hn::Max(a, b), d, high);
    }
    auto average = hn::Load(d, turned + (columns - 1) * lanes);
    for (int64_t k = columns - 2; k >= 0; --k) {
      average = hn::Add(hn::Mul(newest, hn::Load(d, turned + k * lanes)), hn::Mul(before, average));
    }
    hn::Store(average, d, averages);
    std::copy(averages, averages + std::min(lanes, rows - i), out + i);
  }
}

#define LABELSIEVE_SCORE_KERNELS(suffix, T)                                             \
  bool self_confidence_##suffix(const LabelledRows<T>& rows, double* out) {             \
    return self_confidence_rows(rows, out);                                             \
  }                                                                                     \
  bool normalized_margin_##suffix(const LabelledRows<T>& rows, double* out) {           \
    return normalized_margin_rows(rows, out);                                           \
  }                                                                                     \
  bool confidence_weighted_entropy_##suffix(const LabelledRows<T>& rows, double* out) { \
    return confidence_weighted_entropy_rows(rows, out);                                 \
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

#define LABELSIEVE_SCORE_KERNELS(suffix, T)                                              \
  LABELSIEVE_EXPORT(self_confidence_##suffix);                                           \
  LABELSIEVE_EXPORT(normalized_margin_##suffix);                                         \
  LABELSIEVE_EXPORT(confidence_weighted_entropy_##suffix);                               \
  bool self_confidence_of_labels(const LabelledRows<T>& rows, double* out) {             \
    return LABELSIEVE_DISPATCH(self_confidence_##suffix)(rows, out);                     \
  }                                                                                      \
  bool normalized_margin_of_labels(const LabelledRows<T>& rows, double* out) {           \
    return LABELSIEVE_DISPATCH(normalized_margin_##suffix)(rows, out);                   \
  }                                                                                      \
  bool confidence_weighted_entropy_of_labels(const LabelledRows<T>& rows, double* out) { \
    return LABELSIEVE_DISPATCH(confidence_weighted_entropy_##suffix)(rows, out);         \
  }
LABELSIEVE_SCORE_KERNELS(f16, float16)
LABELSIEVE_SCORE_KERNELS(f32, float)
LABELSIEVE_SCORE_KERNELS(f64, double)
#undef LABELSIEVE_SCORE_KERNELS

LABELSIEVE_EXPORT(moving_average_rows);
void moving_averages(const double* scores, int64_t rows, int64_t columns, const Comparator* network,
                     int64_t network_size, double alpha, double* out) {
  LABELSIEVE_DISPATCH(moving_average_rows)
  (scores, rows, columns, network, network_size, alpha, out);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
