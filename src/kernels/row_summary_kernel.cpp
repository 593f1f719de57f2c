#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/row_summary_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                              // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/bounds.h"
#include "kernels/compress-inl.h"
#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/row_summary_kernel.h"
#include "kernels/simd_rows-inl.h"
#include "labelsieve/count.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

HWY_INLINE uint8_t row_flags(double self_confidence, double maximum) {
  return maximum <= self_confidence + kProbabilityTolerance ? kCounted : kCounted | kDisagrees;
}

/// Row by row from `first` on, a vector of columns at a time. Stops at an invalid row.
template <class T>
void summarize_by_rows(const Rows<T>& rows, int64_t first, const int32_t* labels,
                       const RowSummaries& out, const RowFindings<Wide<T>>& findings,
                       RowSummaryResult& result) {
  using V = RowVec<T>;
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  const auto sum_tolerance = static_cast<Wide<T>>(kRowSumTolerance);
  const V lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const V highest_valid = hn::Set(d, ProbabilityBounds<Wide<T>>().highest);
  for (int64_t i = first; i < rows.count; ++i) {
    out.flags[i] = 0;
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    V maximum = lowest;
    V second = lowest;
    V minimum = highest_valid;
    V sum = hn::Zero(d);
    for_each_vector(row, columns, [&](V values, size_t) HWY_ATTR {
      minimum = hn::Min(minimum, values);
      second = hn::Max(second, hn::Min(maximum, values));
      maximum = hn::Max(maximum, values);
      sum = hn::Add(sum, values);
    });
    const Wide<T> row_sum = hn::GetLane(hn::SumOfLanes(d, sum));
    // NaN may escape the extremes, never the sum.
    const auto outside = hn::Or(hn::Lt(minimum, lowest), hn::Gt(maximum, highest_valid));
    if (HWY_UNLIKELY(!hn::AllFalse(d, outside) || row_sum != row_sum)) {
      result.invalid_row = i;
      return;
    }
    result.num_unnormalized += row_sum - 1 > sum_tolerance || 1 - row_sum > sum_tolerance;
    const V highest = hn::MaxOfLanes(d, maximum);
    const int32_t argmax = find_first_column(
        row, columns, [&](V values, size_t) HWY_ATTR { return hn::Eq(values, highest); });
    // In the lane of the maximum the runner-up is that lane's second.
    const auto lane = hn::Set(d, static_cast<Wide<T>>(static_cast<size_t>(argmax) % hn::Lanes(d)));
    const auto is_lane = hn::Eq(hn::Iota(d, Wide<T>{0}), lane);
    const Wide<T> largest = hn::GetLane(highest);
    out.maximum[i] = probability_code(largest);
    out.second[i] = leading_code(
        probability_code(hn::GetLane(hn::MaxOfLanes(d, hn::IfThenElse(is_lane, second, maximum)))));
    out.argmax[i] = static_cast<uint16_t>(HWY_MIN(argmax, int32_t{kClassNotHeld}));
    const Wide<T> own = widen(row[labels[i]]);
    findings.self_confidence[i] = own;
    out.flags[i] = row_flags(static_cast<double>(own), static_cast<double>(largest));
    findings.disagreeing[result.num_disagreeing] = static_cast<uint32_t>(i);
    result.num_disagreeing += (out.flags[i] & kDisagrees) != 0;
  }
}

/// Whether lanes of `maximum` exceed `self_confidence` by more than the tolerance, in double
/// precision as row_flags() does it. The sign of a difference survives the way back to float.
template <class D>
HWY_INLINE hn::Mask<D> disagrees_exactly(D d, hn::Vec<D> maximum, hn::Vec<D> self_confidence) {
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::Gt(maximum, hn::Add(self_confidence, hn::Set(d, kProbabilityTolerance)));
  } else {
#if HWY_TARGET == HWY_SCALAR
    const hn::Rebind<double, D> wide;
    const D narrow;
#else
    const hn::RepartitionToWide<D> wide;
    const hn::Half<D> narrow;
#endif
    const auto tolerance = hn::Set(wide, kProbabilityTolerance);
    const auto excess = [&](auto largest, auto own) HWY_ATTR {
      return hn::DemoteTo(narrow, hn::Sub(hn::PromoteTo(wide, largest),
                                          hn::Add(hn::PromoteTo(wide, own), tolerance)));
    };
#if HWY_TARGET == HWY_SCALAR
    return hn::Gt(excess(maximum, self_confidence), hn::Zero(d));
#else
    const auto lower =
        excess(hn::LowerHalf(narrow, maximum), hn::LowerHalf(narrow, self_confidence));
    const auto upper =
        excess(hn::UpperHalf(narrow, maximum), hn::UpperHalf(narrow, self_confidence));
    return hn::Gt(hn::Combine(d, upper, lower), hn::Zero(d));
#endif
  }
}

/// The same; most differences are so far from the tolerance that their rounding does not matter.
template <class D>
HWY_INLINE hn::Mask<D> disagrees(D d, hn::Vec<D> maximum, hn::Vec<D> self_confidence) {
  const auto tolerance = static_cast<hn::TFromD<D>>(kProbabilityTolerance);
  const auto excess = hn::Sub(maximum, self_confidence);
  const auto surely = hn::Gt(excess, hn::Set(d, 2 * tolerance));
  const auto perhaps = hn::AndNot(surely, hn::Gt(excess, hn::Set(d, tolerance / 2)));
  if (HWY_LIKELY(hn::AllFalse(d, perhaps))) return surely;
  return disagrees_exactly(d, maximum, self_confidence);
}

/// The order of probabilities of which none is negative. Of floats, it is that of their bits, and
/// processors have more units for integers. No use for doubles: many compare such integers slowly.
template <class D>
struct ProbabilityOrder {
  static constexpr bool kIsOfBits = sizeof(hn::TFromD<D>) == 4;
  using Bits = hn::RebindToSigned<D>;
  using Signs = hn::RebindToUnsigned<D>;

  static HWY_INLINE hn::Vec<D> larger(hn::Vec<D> a, hn::Vec<D> b) {
    if constexpr (kIsOfBits) {
      return hn::BitCast(D(), hn::Max(hn::BitCast(Bits(), a), hn::BitCast(Bits(), b)));
    } else {
      return hn::Max(a, b);
    }
  }

  static HWY_INLINE hn::Vec<D> smaller(hn::Vec<D> a, hn::Vec<D> b) {
    if constexpr (kIsOfBits) {
      return hn::BitCast(D(), hn::Min(hn::BitCast(Bits(), a), hn::BitCast(Bits(), b)));
    } else {
      return hn::Min(a, b);
    }
  }

  /// The one that is further below 0 if any is negative. If none is, any of them.
  static HWY_INLINE hn::Vec<D> more_negative(hn::Vec<D> a, hn::Vec<D> b) {
    if constexpr (kIsOfBits) {
      return hn::BitCast(D(), hn::Max(hn::BitCast(Signs(), a), hn::BitCast(Signs(), b)));
    } else {
      return hn::Min(a, b);
    }
  }

  /// Whether it is no valid probability, or 0, or negative.
  static HWY_INLINE hn::Mask<D> is_not_positive_or_invalid(hn::Vec<D> maximum) {
    const auto highest = hn::Set(D(), ProbabilityBounds<hn::TFromD<D>>().highest);
    if constexpr (kIsOfBits) {
      // With 1 less, whatever is not positive is far above.
      const auto bits = hn::Sub(hn::BitCast(Signs(), maximum), hn::Set(Signs(), 1));
      return hn::RebindMask(D(), hn::Not(hn::Lt(bits, hn::BitCast(Signs(), highest))));
    } else {
      return hn::Not(hn::And(hn::Gt(maximum, hn::Zero(D())), hn::Le(maximum, highest)));
    }
  }

  static HWY_INLINE hn::Mask<D> is_too_negative(hn::Vec<D> most_negative) {
    const auto lowest = hn::Set(D(), ProbabilityBounds<hn::TFromD<D>>().lowest);
    if constexpr (kIsOfBits) {
      return hn::RebindMask(
          D(), hn::Gt(hn::BitCast(Signs(), most_negative), hn::BitCast(Signs(), lowest)));
    } else {
      return hn::Lt(most_negative, lowest);
    }
  }
};

/// What is known of a vector of rows after all their columns.
template <class T>
struct ColumnMaxima {
  HWY_INLINE ColumnMaxima() {}

  using Order = ProbabilityOrder<RowTag<T>>;
  using Classes = ClassTag<RowTag<T>>;

  const RowTag<T> d{};
  RowVec<T> maximum = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  RowVec<T> second = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  RowVec<T> most_negative = hn::Zero(d);
  hn::Vec<Classes> argmax = hn::Zero(Classes());
  RowVec<T> self_confidence = hn::Zero(d);
  RowVec<T> sum = hn::Zero(d);

  HWY_INLINE void add(RowVec<T> values, hn::Vec<Classes> column, hn::Vec<Classes> given) {
    sum = hn::Add(sum, values);
    const auto is_given = hn::RebindMask(d, hn::Eq(given, column));
    self_confidence = hn::IfThenElse(is_given, values, self_confidence);
    const auto is_larger = hn::RebindMask(Classes(), hn::Gt(values, maximum));
    argmax = hn::IfThenElse(is_larger, column, argmax);
    second = Order::larger(second, Order::smaller(maximum, values));
    maximum = Order::larger(maximum, values);
    most_negative = Order::more_negative(most_negative, values);
  }

  /// Whether rows have to be looked at in another way: those that are invalid, and those without
  /// any positive probability, for which the order does not hold.
  HWY_INLINE hn::Mask<RowTag<T>> unusual() const {
    const auto outside =
        hn::Or(Order::is_not_positive_or_invalid(maximum), Order::is_too_negative(most_negative));
    if constexpr (Order::kIsOfBits) return outside;
    // NaN may escape the extremes of doubles, never the sum.
    return hn::Or(outside, hn::Not(hn::Eq(sum, sum)));
  }
};

/// The probability_code() of every lane.
template <class D>
HWY_INLINE hn::Vec<hn::Rebind<int32_t, D>> probability_codes(D d, hn::Vec<D> p) {
  using W = hn::TFromD<D>;
  const auto shifted = hn::Add(hn::Mul(p, hn::Set(d, W{kMaxCode})), hn::Set(d, kCodeShift<W>));
  if constexpr (sizeof(W) == 4) {
    const hn::Rebind<int32_t, D> integers;
    return hn::And(hn::BitCast(integers, shifted), hn::Set(integers, kMaxCode));
  } else {
    return to_int32(d, hn::Sub(shifted, hn::Set(d, kCodeShift<W>)));
  }
}

/// As many rows at once as a vector has lanes, column after column. Returns the number of rows
/// done: it stops before unusual ones.
template <class T>
int64_t summarize_by_columns(const Rows<T>& rows, const int32_t* labels, const RowSummaries& out,
                             const RowFindings<Wide<T>>& findings, RowSummaryResult& result) {
  const RowTag<T> d;
  const ClassTag<decltype(d)> classes;
  const hn::Rebind<uint16_t, decltype(d)> codes;
  const hn::Rebind<uint8_t, decltype(d)> bytes;
  const auto sum_tolerance = hn::Set(d, static_cast<Wide<T>>(kRowSumTolerance));
  const auto one = hn::Set(d, Wide<T>{1});
  return for_each_turned(rows, [&](const TurnedRows<T>& turned, int64_t i, int64_t at) HWY_ATTR {
    const auto given = load_classes(classes, labels + i);
    ColumnMaxima<T> found;
    auto column = hn::Zero(classes);
    for (int64_t k = 0; k < rows.columns; ++k) {
      found.add(turned.column(k, at), column, given);
      column = hn::Add(column, hn::Set(classes, 1));
    }
    const auto counted = hn::RebindMask(d, hn::Gt(given, hn::Set(classes, -1)));
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::And(found.unusual(), counted)))) return false;
    const auto off_one = hn::Gt(hn::Abs(hn::Sub(found.sum, one)), sum_tolerance);
    result.num_unnormalized += static_cast<int64_t>(hn::CountTrue(d, hn::And(off_one, counted)));
    hn::StoreU(found.self_confidence, d, findings.self_confidence + i);
    hn::StoreU(hn::DemoteTo(codes, probability_codes(d, found.maximum)), codes, out.maximum + i);
    const auto second = hn::ShiftRight<8>(probability_codes(d, found.second));
    hn::StoreU(hn::DemoteTo(bytes, second), bytes, out.second + i);
    hn::StoreU(hn::DemoteTo(codes, to_int32(classes, found.argmax)), codes, out.argmax + i);
    const auto differs = hn::And(disagrees(d, found.maximum, found.self_confidence), counted);
    const auto flags =
        hn::Add(hn::IfThenElseZero(hn::RebindMask(classes, counted), hn::Set(classes, kCounted)),
                hn::IfThenElseZero(hn::RebindMask(classes, differs), hn::Set(classes, kDisagrees)));
    hn::StoreU(hn::DemoteTo(bytes, to_int32(classes, flags)), bytes, out.flags + i);
    result.num_disagreeing +=
        store_positions(d, i, differs, findings.disagreeing + result.num_disagreeing);
    return true;
  });
}

template <class T>
RowSummaryResult summarize(const Rows<T>& rows, const int32_t* labels, const RowSummaries& out,
                           const RowFindings<Wide<T>>& findings) {
  RowSummaryResult result;
  const int64_t done = rows.columns <= kMaxColumnsInTurn
                           ? summarize_by_columns(rows, labels, out, findings, result)
                           : 0;
  summarize_by_rows(rows, done, labels, out, findings, result);
  return result;
}

RowSummaryResult summarize_f16(const Rows<float16>& rows, const int32_t* labels,
                               const RowSummaries& out, const RowFindings<float>& findings) {
  return summarize(rows, labels, out, findings);
}
RowSummaryResult summarize_f32(const Rows<float>& rows, const int32_t* labels,
                               const RowSummaries& out, const RowFindings<float>& findings) {
  return summarize(rows, labels, out, findings);
}
RowSummaryResult summarize_f64(const Rows<double>& rows, const int32_t* labels,
                               const RowSummaries& out, const RowFindings<double>& findings) {
  return summarize(rows, labels, out, findings);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(summarize_f16);
LABELSIEVE_EXPORT(summarize_f32);
LABELSIEVE_EXPORT(summarize_f64);

RowSummaryResult summarize_rows(const Rows<float16>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<float>& findings) {
  return LABELSIEVE_DISPATCH(summarize_f16)(rows, labels, out, findings);
}
RowSummaryResult summarize_rows(const Rows<float>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<float>& findings) {
  return LABELSIEVE_DISPATCH(summarize_f32)(rows, labels, out, findings);
}
RowSummaryResult summarize_rows(const Rows<double>& rows, const int32_t* labels,
                                const RowSummaries& out, const RowFindings<double>& findings) {
  return LABELSIEVE_DISPATCH(summarize_f64)(rows, labels, out, findings);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
