#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/confusion_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                            // IWYU pragma: keep
// After foreach_target:
#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <algorithm>
#include <cmath>

#include "kernels/confusion_kernel.h"
#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/power-inl.h"
#include "kernels/row_summary_kernel.h"
#include "kernels/simd_rows-inl.h"
#include "labelsieve/auto_model.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// The first column of the largest of a row, also where 16 bits do not hold it.
template <class T>
HWY_INLINE int64_t first_of_largest(const T* row, int64_t columns, uint16_t held) {
  if (HWY_LIKELY(held != kClassNotHeld)) return held;
  return std::max_element(row, row + columns, [](T a, T b) { return widen(a) < widen(b); }) - row;
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
  const auto scale = hn::Set(d, factor);
  const auto offset = hn::Set(d, kFixedPointOffset);
  for (size_t k = 0; k < columns; k += hn::Lanes(d)) {
    const auto values = load_doubles(powers + k);
    const auto fixed = hn::BitCast(bits, hn::Add(hn::Mul(values, scale), offset));
    hn::StoreU(hn::Add(hn::LoadU(bits, sums + k), fixed), bits, sums + k);
  }
}

/// Row by row, a vector of columns at a time.
template <class T>
void add_by_rows(const Rows<T>& rows, const int32_t* labels, const uint16_t* argmax,
                 double temperature, const ConfusionSums& sums, Wide<T>* scratch) {
  using W = Wide<T>;
  const auto columns = static_cast<size_t>(rows.columns);
  const auto floor = static_cast<W>(kAutoProbabilityFloor);
  const double unit = std::ldexp(1.0, sums.shift);
  for (int64_t i = 0; i < rows.count; ++i) {
    if (labels[i] == kIgnored) continue;
    const T* row = rows.row(i);
    const int64_t top = first_of_largest(row, rows.columns, argmax[i]);
    const Tempering<T> tempering{floor, 1 / HWY_MAX(widen(row[top]), floor),
                                 static_cast<W>(temperature)};
    uint64_t* row_sums = sums.sums + top * padded_columns(rows.columns);
    const W total = write_powers(row, columns, tempering, row_sums, scratch);
    const double factor = unit / static_cast<double>(total);
    std::unique_lock<std::mutex> lock;
    if (sums.locks != nullptr) {
      lock = std::unique_lock<std::mutex>(sums.locks[top % sums.num_locks]);
    }
    ++sums.counts[top];
    add_fixed_point(scratch, columns, factor, row_sums);
  }
}

/// As many rows at once as a vector has lanes, column after column.
template <class T>
class ColumnAdder {
 public:
  using W = Wide<T>;

  HWY_INLINE ColumnAdder(const Rows<T>& rows, const int32_t* labels, const uint16_t* argmax,
                         double temperature, const ConfusionSums& sums)
      : rows_(rows),
        labels_(labels),
        argmax_(argmax),
        temperature_(static_cast<W>(temperature)),
        sums_(sums) {}

  HWY_INLINE void add_all() {
    const auto lanes = static_cast<int64_t>(hn::Lanes(d_));
    for (int64_t first = 0; first < rows_.count; first += TurnedRows<T>::kRows) {
      const int64_t turned = HWY_MIN(rows_.count - first, TurnedRows<T>::kRows);
      turned_.turn(rows_, first, turned);
      for (int64_t at = 0; at < turned; at += lanes) {
        write_powers(at);
        add_rows(first + at, HWY_MIN(lanes, turned - at));
      }
    }
  }

 private:
  /// Of the rows at `at` among the turned ones; lanes behind the last row may hold anything.
  HWY_INLINE void write_powers(int64_t at) {
    auto largest = hn::Set(d_, static_cast<W>(kAutoProbabilityFloor));
    for (int64_t k = 0; k < rows_.columns; ++k) largest = hn::Max(largest, turned_.column(k, at));
    const auto scale = hn::Div(hn::Set(d_, W{1}), largest);
    auto sum = hn::Zero(d_);
    int64_t k = 0;
    for (; k + 4 <= rows_.columns; k += 4) write_columns<4>(at, k, scale, sum);
    for (; k + 2 <= rows_.columns; k += 2) write_columns<2>(at, k, scale, sum);
    if (k < rows_.columns) write_columns<1>(at, k, scale, sum);
    hn::Store(sum, d_, totals_);
    const hn::ScalableTag<double> wide;
    const auto unit = hn::Set(wide, std::ldexp(1.0, sums_.shift));
    for (size_t i = 0; i < kLanes; i += hn::Lanes(wide)) {
      hn::StoreU(hn::Div(unit, load_doubles(totals_ + i)), wide, factors_ + i);
    }
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

  HWY_INLINE void add_rows(int64_t first, int64_t count) {
    const int64_t stride = padded_columns(rows_.columns);
    turn_back(d_, powers_, rows_.columns, row_powers_, kMaxColumnsInTurn);
    for (int64_t i = 0; i < count; ++i) {
      if (labels_[first + i] == kIgnored) continue;
      const uint16_t top = argmax_[first + i];
      ++sums_.counts[top];
      add_fixed_point(row_powers_ + i * kMaxColumnsInTurn, static_cast<size_t>(rows_.columns),
                      factors_[i], sums_.sums + top * stride);
    }
  }

  static constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(RowTag<T>()));

  const RowTag<T> d_{};
  const Rows<T>& rows_;
  const int32_t* labels_;
  const uint16_t* argmax_;
  W temperature_;
  const ConfusionSums& sums_;
  TurnedRows<T> turned_;
  HWY_ALIGN W powers_[kMaxColumnsInTurn * kLanes] = {};
  HWY_ALIGN W row_powers_[kMaxColumnsInTurn * kLanes] = {};
  HWY_ALIGN W totals_[kLanes];
  HWY_ALIGN double factors_[kLanes];  // 2^shift / totals
};

/// Which of the two it is depends on the number of columns alone: they round differently, and how
/// the rows are cut into tiles must not show.
template <class T>
void add_rows(const Rows<T>& rows, const int32_t* labels, const uint16_t* argmax,
              double temperature, const ConfusionSums& sums, Wide<T>* scratch) {
  if (rows.columns > kMaxColumnsInTurn) {
    add_by_rows(rows, labels, argmax, temperature, sums, scratch);
  } else {
    ColumnAdder<T>(rows, labels, argmax, temperature, sums).add_all();
  }
}

void add_rows_f16(const Rows<float16>& rows, const int32_t* labels, const uint16_t* argmax,
                  double temperature, const ConfusionSums& sums, float* scratch) {
  add_rows(rows, labels, argmax, temperature, sums, scratch);
}
void add_rows_f32(const Rows<float>& rows, const int32_t* labels, const uint16_t* argmax,
                  double temperature, const ConfusionSums& sums, float* scratch) {
  add_rows(rows, labels, argmax, temperature, sums, scratch);
}
void add_rows_f64(const Rows<double>& rows, const int32_t* labels, const uint16_t* argmax,
                  double temperature, const ConfusionSums& sums, double* scratch) {
  add_rows(rows, labels, argmax, temperature, sums, scratch);
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

void add_tempered_rows(const Rows<float16>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, float* scratch) {
  LABELSIEVE_DISPATCH(add_rows_f16)(rows, labels, argmax, temperature, sums, scratch);
}
void add_tempered_rows(const Rows<float>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, float* scratch) {
  LABELSIEVE_DISPATCH(add_rows_f32)(rows, labels, argmax, temperature, sums, scratch);
}
void add_tempered_rows(const Rows<double>& rows, const int32_t* labels, const uint16_t* argmax,
                       double temperature, const ConfusionSums& sums, double* scratch) {
  LABELSIEVE_DISPATCH(add_rows_f64)(rows, labels, argmax, temperature, sums, scratch);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
