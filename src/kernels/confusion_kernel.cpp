#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/confusion_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                            // IWYU pragma: keep
// After foreach_target:
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <bit>
#include <cmath>

#include "kernels/confusion_kernel.h"
#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/power-inl.h"
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

/// What write_powers() needs beside the row.
template <class T>
struct Tempering {
  Wide<T> floor;
  Wide<T> scale;  // 1 / the row's maximum
  Wide<T> exponent;

  /// (values · scale)^exponent of each vector, in place.
  template <size_t kCount>
  HWY_INLINE void apply(Vectors<RowTag<T>, kCount>& values) const {
    const RowTag<T> d;
    for (auto& value : values) {
      value = hn::Mul(hn::Max(value, hn::Set(d, floor)), hn::Set(d, scale));
    }
    raise(d, values, hn::Set(d, exponent));
  }
};

/// out[k] = (P[k] · scale)^exponent, 0 behind the last column; returns their sum. Fetches the
/// sums meanwhile, which are wanted next.
template <class T>
HWY_INLINE Wide<T> write_powers(const T* row, size_t columns, const Tempering<T>& tempering,
                                const uint64_t* sums, Wide<T>* out) {
  constexpr size_t kTogether = 4;
  constexpr size_t kSumsInLine = 64 / sizeof(uint64_t);
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  auto sum = hn::Zero(d);
  size_t k = 0;
  for (; k + kTogether * lanes <= columns; k += kTogether * lanes) {
    for (size_t line = 0; line < kTogether * lanes; line += kSumsInLine) {
      hwy::Prefetch(sums + k + line);
    }
    Vectors<RowTag<T>, kTogether> powers;
    for (size_t v = 0; v < kTogether; ++v) powers[v] = load_lanes(row + k + v * lanes);
    tempering.apply(powers);
    for (size_t v = 0; v < kTogether; ++v) {
      hn::StoreU(powers[v], d, out + k + v * lanes);
      sum = hn::Add(sum, powers[v]);
    }
  }
  const size_t rest = columns - k;
  for_each_vector(row + k, rest, [&](RowVec<T> values, size_t at) HWY_ATTR {
    Vectors<RowTag<T>, 1> powers = {values};
    tempering.apply(powers);
    powers[0] = hn::IfThenElseZero(hn::FirstN(d, rest - at), powers[0]);
    hn::StoreU(powers[0], d, out + k + at);
    sum = hn::Add(sum, powers[0]);
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

/// Row by row, a vector of columns at a time.
template <class T>
int64_t add_by_rows(const Rows<T>& rows, const int32_t* labels, double temperature,
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
    const Tempering<T> tempering{floor, 1 / HWY_MAX(top.largest, floor),
                                 static_cast<W>(temperature)};
    uint64_t* row_sums = sums.sums + top.argmax * padded_columns(rows.columns);
    const W total = write_powers(row, columns, tempering, row_sums, scratch);
    const double factor = unit / static_cast<double>(total);
    std::unique_lock<std::mutex> lock;
    if (sums.locks != nullptr) {
      lock = std::unique_lock<std::mutex>(sums.locks[top.argmax % sums.num_locks]);
    }
    ++sums.counts[top.argmax];
    add_fixed_point(scratch, columns, factor, row_sums);
  }
  return -1;
}

/// As many rows at once as a vector has lanes, column after column.
template <class T>
class ColumnAdder {
 public:
  using W = Wide<T>;

  HWY_INLINE ColumnAdder(const Rows<T>& rows, const int32_t* labels, double temperature,
                         const ConfusionSums& sums)
      : rows_(rows), labels_(labels), temperature_(static_cast<W>(temperature)), sums_(sums) {}

  /// Returns the position of the first invalid row, or -1.
  HWY_INLINE int64_t add_all(float* odds) {
    const auto lanes = static_cast<int64_t>(hn::Lanes(d_));
    for (int64_t first = 0; first < rows_.count; first += TurnedRows<T>::kRows) {
      const int64_t turned = HWY_MIN(rows_.count - first, TurnedRows<T>::kRows);
      turned_.turn(rows_, first, turned);
      for (int64_t at = 0; at < turned; at += lanes) {
        const int64_t count = HWY_MIN(lanes, turned - at);
        if (HWY_UNLIKELY(!look_at(at, labels_ + first + at, count))) {
          const int64_t invalid = first_invalid(first + at, count);
          if (invalid >= 0) return invalid;
        }
        write_powers(at);
        add_rows(labels_ + first + at, count, odds + first + at);
      }
    }
    return -1;
  }

 private:
  /// Largest, second largest, own probability and argmax of the rows; false if one that counts
  /// holds something else than probabilities. Lanes behind the last row may hold anything.
  HWY_INLINE bool look_at(int64_t at, const int32_t* labels, int64_t count) {
    HWY_ALIGN int32_t given[kLanes];
    for (int64_t i = 0; i < kLanes; ++i) given[i] = i < count ? labels[i] : kIgnored;
    const auto label = load_classes(d_, given);
    const ProbabilityBounds<W> bounds;
    auto largest = hn::Set(d_, bounds.lowest);
    auto second = largest;
    auto smallest = hn::Set(d_, bounds.highest);
    auto sum = hn::Zero(d_);
    auto own = hn::Zero(d_);
    auto argmax = hn::Zero(d_);
    auto column = hn::Zero(d_);
    for (int64_t k = 0; k < rows_.columns; ++k) {
      const auto values = turned_.column(k, at);
      sum = hn::Add(sum, values);
      own = hn::IfThenElse(hn::Eq(label, column), values, own);
      argmax = hn::IfThenElse(hn::Gt(values, largest), column, argmax);
      second = hn::Max(second, hn::Min(largest, values));
      largest = hn::Max(largest, values);
      smallest = hn::Min(smallest, values);
      column = hn::Add(column, hn::Set(d_, W{1}));
    }
    const auto floor = hn::Set(d_, static_cast<W>(kAutoProbabilityFloor));
    const auto other = hn::Max(hn::IfThenElse(hn::Eq(label, argmax), second, largest), floor);
    hn::Store(hn::Div(other, hn::Max(own, floor)), d_, odds_);
    hn::Store(hn::Max(largest, floor), d_, largest_);
    hn::StoreU(to_int32(d_, argmax), hn::Rebind<int32_t, RowTag<T>>(), argmax_);
    // NaN may escape the extremes, never the sum.
    const auto invalid = hn::Or(hn::Or(hn::Lt(smallest, hn::Set(d_, bounds.lowest)),
                                       hn::Gt(largest, hn::Set(d_, bounds.highest))),
                                hn::Not(hn::Eq(sum, sum)));
    return hn::AllFalse(d_, hn::And(invalid, hn::Ge(label, hn::Zero(d_))));
  }

  HWY_INLINE int64_t first_invalid(int64_t first, int64_t count) const {
    const ProbabilityBounds<W> bounds;
    for (int64_t i = first; i < first + count; ++i) {
      if (labels_[i] == kIgnored) continue;
      for (int64_t k = 0; k < rows_.columns; ++k) {
        if (!bounds.contain(widen(rows_.row(i)[k]))) return i;
      }
    }
    return -1;
  }

  HWY_INLINE void write_powers(int64_t at) {
    const auto scale = hn::Div(hn::Set(d_, W{1}), hn::Load(d_, largest_));
    auto sum = hn::Zero(d_);
    int64_t k = 0;
    for (; k + 4 <= rows_.columns; k += 4) write_columns<4>(at, k, scale, sum);
    for (; k + 2 <= rows_.columns; k += 2) write_columns<2>(at, k, scale, sum);
    if (k < rows_.columns) write_columns<1>(at, k, scale, sum);
    hn::Store(sum, d_, totals_);
  }

  template <size_t kCount>
  HWY_INLINE void write_columns(int64_t at, int64_t k, RowVec<T> scale, RowVec<T>& sum) {
    const auto floor = hn::Set(d_, static_cast<W>(kAutoProbabilityFloor));
    Vectors<RowTag<T>, kCount> powers;
    for (size_t v = 0; v < kCount; ++v) {
      const auto values = turned_.column(k + static_cast<int64_t>(v), at);
      powers[v] = hn::Mul(hn::Max(values, floor), scale);
    }
    raise(d_, powers, hn::Set(d_, temperature_));
    for (size_t v = 0; v < kCount; ++v) {
      hn::Store(powers[v], d_, powers_ + (k + static_cast<int64_t>(v)) * kLanes);
      sum = hn::Add(sum, powers[v]);
    }
  }

  HWY_INLINE void add_rows(const int32_t* labels, int64_t count, float* odds) {
    const double unit = std::ldexp(1.0, sums_.shift);
    const int64_t stride = padded_columns(rows_.columns);
    turn_back(d_, powers_, rows_.columns, row_powers_, kMaxColumnsInTurn);
    for (int64_t i = 0; i < count; ++i) {
      odds[i] = 0;
      if (labels[i] == kIgnored) continue;
      odds[i] = static_cast<float>(odds_[i]);
      ++sums_.counts[argmax_[i]];
      add_fixed_point(row_powers_ + i * kMaxColumnsInTurn, static_cast<size_t>(rows_.columns),
                      unit / static_cast<double>(totals_[i]), sums_.sums + argmax_[i] * stride);
    }
  }

  static constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(RowTag<T>()));

  const RowTag<T> d_{};
  const Rows<T>& rows_;
  const int32_t* labels_;
  W temperature_;
  const ConfusionSums& sums_;
  TurnedRows<T> turned_;
  HWY_ALIGN W powers_[kMaxColumnsInTurn * kLanes] = {};
  HWY_ALIGN W row_powers_[kMaxColumnsInTurn * kLanes] = {};
  HWY_ALIGN W odds_[kLanes];
  HWY_ALIGN W largest_[kLanes];
  HWY_ALIGN W totals_[kLanes];
  int32_t argmax_[kLanes];
};

/// Which of the two it is depends on the number of columns alone: they round differently, and how
/// the rows are cut into tiles must not show.
template <class T>
int64_t add_rows(const Rows<T>& rows, const int32_t* labels, double temperature,
                 const ConfusionSums& sums, Wide<T>* scratch, float* odds) {
  if (rows.columns > kMaxColumnsInTurn) {
    return add_by_rows(rows, labels, temperature, sums, scratch, odds);
  }
  return ColumnAdder<T>(rows, labels, temperature, sums).add_all(odds);
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

LABELSIEVE_EXPORT(add_rows_f16);
LABELSIEVE_EXPORT(add_rows_f32);
LABELSIEVE_EXPORT(add_rows_f64);

int64_t add_tempered_rows(const Rows<float16>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, float* scratch, float* odds) {
  return LABELSIEVE_DISPATCH(add_rows_f16)(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_tempered_rows(const Rows<float>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, float* scratch, float* odds) {
  return LABELSIEVE_DISPATCH(add_rows_f32)(rows, labels, temperature, sums, scratch, odds);
}
int64_t add_tempered_rows(const Rows<double>& rows, const int32_t* labels, double temperature,
                          const ConfusionSums& sums, double* scratch, float* odds) {
  return LABELSIEVE_DISPATCH(add_rows_f64)(rows, labels, temperature, sums, scratch, odds);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
