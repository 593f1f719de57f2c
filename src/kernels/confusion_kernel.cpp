#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/confusion_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                            // IWYU pragma: keep
// After foreach_target:
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <cmath>

#include "kernels/confusion_kernel.h"
#include "kernels/label_decode.h"
#include "kernels/simd_rows-inl.h"
#include "labelsieve/auto_model.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// The largest of a row, where it is, and the largest of the other columns.
template <class T>
struct TopTwo {
  Wide<T> largest;
  Wide<T> second;
  int32_t argmax;
};

/// False for a row that holds something else than probabilities.
template <class T>
HWY_INLINE bool find_top_two(const T* row, size_t columns, TopTwo<T>& top) {
  const RowTag<T> d;
  ValidityCheck<T> validity;
  auto maximum = validity.lowest;
  auto second = validity.lowest;
  for_each_vector(row, columns, [&](RowVec<T> values, size_t) HWY_ATTR {
    validity.add(values);
    second = hn::Max(second, hn::Min(maximum, values));
    maximum = hn::Max(maximum, values);
  });
  if (HWY_UNLIKELY(validity.failed())) return false;
  const auto highest = hn::MaxOfLanes(d, maximum);
  const int32_t argmax = find_first_column(
      row, columns, [&](RowVec<T> values, size_t) HWY_ATTR { return hn::Eq(values, highest); });
  // In the lane of the maximum the runner-up is that lane's second.
  const auto lane = hn::Set(d, static_cast<Wide<T>>(static_cast<size_t>(argmax) % hn::Lanes(d)));
  const auto is_lane = hn::Eq(hn::Iota(d, Wide<T>{0}), lane);
  top.largest = hn::GetLane(highest);
  top.second = hn::GetLane(hn::MaxOfLanes(d, hn::IfThenElse(is_lane, second, maximum)));
  top.argmax = argmax;
  return true;
}

/// out[k] = (P[k] / largest)^temperature, 0 behind the last column; returns their sum.
template <class T>
HWY_INLINE Wide<T> write_powers(const T* row, size_t columns, Wide<T> floor, Wide<T> largest,
                                Wide<T> temperature, Wide<T>* out) {
  const RowTag<T> d;
  const auto lowest = hn::Set(d, floor);
  const auto scale = hn::Set(d, 1 / largest);
  const auto beta = hn::Set(d, temperature);
  auto sum = hn::Zero(d);
  for_each_vector(row, columns, [&](RowVec<T> values, size_t k) HWY_ATTR {
    const auto ratios = hn::Mul(hn::Max(values, lowest), scale);
    const auto powers = hn::IfThenElseZero(hn::FirstN(d, columns - k),
                                           hn::Exp(d, hn::Mul(beta, hn::Log(d, ratios))));
    hn::StoreU(powers, d, out + k);
    sum = hn::Add(sum, powers);
  });
  return hn::GetLane(hn::SumOfLanes(d, sum));
}

/// Adds powers / their sum in fixed point, whole vectors of them.
template <class W>
HWY_INLINE void add_fixed_point(const W* powers, size_t columns, double factor, uint64_t* sums) {
  const hn::ScalableTag<double> d;
  const hn::ScalableTag<uint64_t> bits;
  const hn::Rebind<W, decltype(d)> narrow;
  const auto scale = hn::Set(d, factor);
  const auto offset = hn::Set(d, kFixedPointOffset);
  for (size_t k = 0; k < columns; k += hn::Lanes(d)) {
    auto values = hn::Zero(d);
    if constexpr (sizeof(W) == 8) {
      values = hn::LoadU(narrow, powers + k);
    } else {
      values = hn::PromoteTo(d, hn::LoadU(narrow, powers + k));
    }
    const auto fixed = hn::BitCast(bits, hn::Add(hn::Mul(values, scale), offset));
    hn::StoreU(hn::Add(hn::LoadU(bits, sums + k), fixed), bits, sums + k);
  }
}

template <class T>
int64_t add_rows(const Rows<T>& rows, const int32_t* labels, double temperature,
                 const ConfusionSums& sums, Wide<T>* scratch, float* odds) {
  using W = Wide<T>;
  const auto columns = static_cast<size_t>(rows.columns);
  const auto floor = static_cast<W>(kAutoProbabilityFloor);
  const double unit = std::ldexp(1.0, sums.shift);
  for (int64_t i = 0; i < rows.count; ++i) {
    odds[i] = 0;
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    TopTwo<T> top;
    if (HWY_UNLIKELY(!find_top_two(row, columns, top))) return i;
    const W own = HWY_MAX(widen(row[labels[i]]), floor);
    const W other = HWY_MAX(top.argmax == labels[i] ? top.second : top.largest, floor);
    odds[i] = static_cast<float>(other / own);
    const W total = write_powers(row, columns, floor, HWY_MAX(top.largest, floor),
                                 static_cast<W>(temperature), scratch);
    const double factor = unit / static_cast<double>(total);
    std::unique_lock<std::mutex> lock;
    if (sums.locks != nullptr) {
      lock = std::unique_lock<std::mutex>(sums.locks[top.argmax % sums.num_locks]);
    }
    ++sums.counts[top.argmax];
    add_fixed_point(scratch, columns, factor,
                    sums.sums + top.argmax * padded_columns(rows.columns));
  }
  return -1;
}

int64_t add_rows_f16(const Rows<float16>& rows, const int32_t* labels, double temperature,
                     const ConfusionSums& sums, float* scratch, float* odds) {
  return add_rows(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_rows_f32(const Rows<float>& rows, const int32_t* labels, double temperature,
                     const ConfusionSums& sums, float* scratch, float* odds) {
  return add_rows(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_rows_f64(const Rows<double>& rows, const int32_t* labels, double temperature,
                     const ConfusionSums& sums, double* scratch, float* odds) {
  return add_rows(rows, labels, temperature, sums, scratch, odds);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

HWY_EXPORT(add_rows_f16);
HWY_EXPORT(add_rows_f32);
HWY_EXPORT(add_rows_f64);

int64_t add_tempered_rows(const Rows<float16>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, float* scratch, float* odds) {
  return HWY_DYNAMIC_DISPATCH(add_rows_f16)(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_tempered_rows(const Rows<float>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, float* scratch, float* odds) {
  return HWY_DYNAMIC_DISPATCH(add_rows_f32)(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_tempered_rows(const Rows<double>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, double* scratch, float* odds) {
  return HWY_DYNAMIC_DISPATCH(add_rows_f64)(rows, labels, temperature, sums, scratch, odds);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
