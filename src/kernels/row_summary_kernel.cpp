#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/row_summary_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                              // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/bounds.h"
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
                       const RowSummaries<Wide<T>>& out, RowSummaryResult& result) {
  using V = RowVec<T>;
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(rows.columns);
  const auto sum_tolerance = static_cast<Wide<T>>(kRowSumTolerance);
  for (int64_t i = first; i < rows.count; ++i) {
    out.flags[i] = 0;
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    ValidityCheck<T> validity;
    V maximum = validity.lowest;
    V second = validity.lowest;
    V sum = hn::Zero(d);
    for_each_vector(row, columns, [&](V values, size_t) HWY_ATTR {
      validity.add(values);
      second = hn::Max(second, hn::Min(maximum, values));
      maximum = hn::Max(maximum, values);
      sum = hn::Add(sum, values);
    });
    if (HWY_UNLIKELY(validity.failed())) {
      result.invalid_row = i;
      return;
    }
    const Wide<T> row_sum = hn::GetLane(hn::SumOfLanes(d, sum));
    result.num_unnormalized += row_sum - 1 > sum_tolerance || 1 - row_sum > sum_tolerance;
    const V highest = hn::MaxOfLanes(d, maximum);
    const int32_t argmax = find_first_column(
        row, columns, [&](V values, size_t) HWY_ATTR { return hn::Eq(values, highest); });
    // In the lane of the maximum the runner-up is that lane's second.
    const auto lane = hn::Set(d, static_cast<Wide<T>>(static_cast<size_t>(argmax) % hn::Lanes(d)));
    const auto is_lane = hn::Eq(hn::Iota(d, Wide<T>{0}), lane);
    out.maximum[i] = hn::GetLane(highest);
    out.second[i] = hn::GetLane(hn::MaxOfLanes(d, hn::IfThenElse(is_lane, second, maximum)));
    out.argmax[i] = argmax;
    out.flags[i] =
        row_flags(static_cast<double>(widen(row[labels[i]])), static_cast<double>(out.maximum[i]));
  }
}

/// As many rows at once as a vector has lanes, column after column. Returns the number of rows
/// done: it stops before a last incomplete vector of rows, and before invalid ones.
template <class T>
int64_t summarize_by_columns(const Rows<T>& rows, const int32_t* labels,
                             const RowSummaries<Wide<T>>& out, RowSummaryResult& result) {
  const RowTag<T> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto sum_tolerance = hn::Set(d, static_cast<Wide<T>>(kRowSumTolerance));
  HWY_ALIGN Wide<T> own[hn::MaxLanes(d)];
  TurnedRows<T> turned;
  int64_t num_turned = 0;  // rows up to here have been turned
  int64_t i = 0;
  for (; i + lanes <= rows.count; i += lanes) {
    if (i == num_turned) {
      turned.turn(rows, i, HWY_MIN(rows.count - i, TurnedRows<T>::kRows));
      num_turned += TurnedRows<T>::kRows;
    }
    const auto given = load_classes(d, labels + i);
    ValidityCheck<T> validity;
    auto maximum = validity.lowest;
    auto second = validity.lowest;
    auto argmax = hn::Zero(d);
    auto self_confidence = hn::Zero(d);
    auto sum = hn::Zero(d);
    for (int64_t k = 0; k < rows.columns; ++k) {
      const auto values = turned.column(k, i % TurnedRows<T>::kRows);
      const auto column = hn::Set(d, static_cast<Wide<T>>(k));
      validity.add(values);
      sum = hn::Add(sum, values);
      self_confidence = hn::IfThenElse(hn::Eq(given, column), values, self_confidence);
      argmax = hn::IfThenElse(hn::Gt(values, maximum), column, argmax);
      second = hn::Max(second, hn::Min(maximum, values));
      maximum = hn::Max(maximum, values);
    }
    const auto counted = hn::Ge(given, hn::Zero(d));
    if (HWY_UNLIKELY(!hn::AllFalse(d, hn::And(validity.invalid, counted)))) return i;
    const auto off_one = hn::Gt(hn::Abs(hn::Sub(sum, hn::Set(d, Wide<T>{1}))), sum_tolerance);
    result.num_unnormalized += static_cast<int64_t>(hn::CountTrue(d, hn::And(off_one, counted)));
    hn::StoreU(maximum, d, out.maximum + i);
    hn::StoreU(second, d, out.second + i);
    store_classes(d, argmax, out.argmax + i);
    hn::Store(self_confidence, d, own);
    for (int64_t lane = 0; lane < lanes; ++lane) {
      out.flags[i + lane] = labels[i + lane] == kIgnored
                                ? uint8_t{0}
                                : row_flags(static_cast<double>(own[lane]),
                                            static_cast<double>(out.maximum[i + lane]));
    }
  }
  return i;
}

template <class T>
RowSummaryResult summarize(const Rows<T>& rows, const int32_t* labels,
                           const RowSummaries<Wide<T>>& out) {
  RowSummaryResult result;
  const int64_t done =
      rows.columns <= kMaxColumnsInTurn ? summarize_by_columns(rows, labels, out, result) : 0;
  summarize_by_rows(rows, done, labels, out, result);
  return result;
}

RowSummaryResult summarize_f16(const Rows<float16>& rows, const int32_t* labels,
                               const RowSummaries<float>& out) {
  return summarize(rows, labels, out);
}
RowSummaryResult summarize_f32(const Rows<float>& rows, const int32_t* labels,
                               const RowSummaries<float>& out) {
  return summarize(rows, labels, out);
}
RowSummaryResult summarize_f64(const Rows<double>& rows, const int32_t* labels,
                               const RowSummaries<double>& out) {
  return summarize(rows, labels, out);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

HWY_EXPORT(summarize_f16);
HWY_EXPORT(summarize_f32);
HWY_EXPORT(summarize_f64);

RowSummaryResult summarize_rows(const Rows<float16>& rows, const int32_t* labels,
                                const RowSummaries<float>& out) {
  return HWY_DYNAMIC_DISPATCH(summarize_f16)(rows, labels, out);
}
RowSummaryResult summarize_rows(const Rows<float>& rows, const int32_t* labels,
                                const RowSummaries<float>& out) {
  return HWY_DYNAMIC_DISPATCH(summarize_f32)(rows, labels, out);
}
RowSummaryResult summarize_rows(const Rows<double>& rows, const int32_t* labels,
                                const RowSummaries<double>& out) {
  return HWY_DYNAMIC_DISPATCH(summarize_f64)(rows, labels, out);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
