// Vectors of a row of probabilities, for whichever target is being compiled. Included by kernels
// once per target, inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#undef LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#else
#define LABELSIEVE_KERNELS_SIMD_ROWS_INL_H_
#endif

#include <hwy/cache_control.h>
#include <hwy/highway.h>

#include <cstring>

#include "kernels/bounds.h"
#include "kernels/rows.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

template <class T>
using RowTag = hn::ScalableTag<Wide<T>>;
template <class T>
using RowVec = hn::Vec<RowTag<T>>;

HWY_INLINE RowVec<float> load_lanes(const float* p) { return hn::LoadU(RowTag<float>(), p); }
HWY_INLINE RowVec<double> load_lanes(const double* p) { return hn::LoadU(RowTag<double>(), p); }
HWY_INLINE RowVec<float16> load_lanes(const float16* p) {
  const RowTag<float16> d;
  const hn::Rebind<hwy::float16_t, decltype(d)> half;
  return hn::PromoteTo(d, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(p)));
}

/// As many elements as a vector of doubles has lanes, in double precision.
HWY_INLINE hn::Vec<hn::ScalableTag<double>> load_doubles(const double* p) { return load_lanes(p); }
HWY_INLINE hn::Vec<hn::ScalableTag<double>> load_doubles(const float* p) {
  const hn::ScalableTag<double> d;
  return hn::PromoteTo(d, hn::LoadU(hn::Rebind<float, decltype(d)>(), p));
}
HWY_INLINE hn::Vec<hn::ScalableTag<double>> load_doubles(const float16* p) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<float, decltype(d)> narrow;
  const hn::Rebind<hwy::float16_t, decltype(d)> half;
  return hn::PromoteTo(
      d, hn::PromoteTo(narrow, hn::LoadU(half, reinterpret_cast<const hwy::float16_t*>(p))));
}

/// The first `count` lanes from memory, 0 in the others; reads nothing behind them.
template <class T>
HWY_INLINE RowVec<T> load_first_lanes(const T* p, size_t count) {
  const RowTag<T> d;
#if HWY_TARGET == HWY_AVX2 || !HWY_MEM_OPS_MIGHT_FAULT
  // These targets mask loads of 4 and 8 byte lanes in hardware.
  if constexpr (sizeof(T) >= 4) return hn::MaskedLoad(hn::FirstN(d, count), d, p);
#endif
  HWY_ALIGN T lanes[hn::MaxLanes(d)] = {};
  std::memcpy(lanes, p, count * sizeof(T));
  return load_lanes(lanes);
}

/// Asks for what lies a page further on. The processor does this by itself, but begins anew in
/// every page, and stops while a row is looked at for the second time.
template <class T>
HWY_INLINE void fetch_ahead(const T* p) {
  hwy::Prefetch(p + 4096 / sizeof(T));
}

/// Calls f(values, k) for the vectors of a row, k their first column. Lanes behind the last column
/// hold the lowest valid probability, which never exceeds a row's maximum.
template <class T, class F>
HWY_INLINE void for_each_vector(const T* row, size_t columns, const F& f) {
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t k = 0;
  for (; k + lanes <= columns; k += lanes) {
    fetch_ahead(row + k);
    f(load_lanes(row + k), k);
  }
  if (k < columns) {
    const size_t rest = columns - k;
    const auto lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
    f(hn::IfThenElse(hn::FirstN(d, rest), load_first_lanes(row + k, rest), lowest), k);
  }
}

/// The first column that satisfies condition(values, k); one must exist.
template <class T, class Condition>
HWY_INLINE int32_t find_first_column(const T* row, size_t columns, const Condition& condition) {
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  size_t k = 0;
  for (; k + lanes <= columns; k += lanes) {
    const intptr_t lane = hn::FindFirstTrue(d, condition(load_lanes(row + k), k));
    if (lane >= 0) return static_cast<int32_t>(k) + static_cast<int32_t>(lane);
  }
  const size_t rest = columns - k;
  const auto lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const auto values = hn::IfThenElse(hn::FirstN(d, rest), load_first_lanes(row + k, rest), lowest);
  return static_cast<int32_t>(k) + static_cast<int32_t>(hn::FindFirstTrue(d, condition(values, k)));
}

/// Collects the vectors that hold something else than valid probabilities.
template <class T>
struct ValidityCheck {
  // Written out: an implicit constructor would be compiled without the target's instructions.
  HWY_INLINE ValidityCheck() {}

  const RowTag<T> d{};
  const RowVec<T> lowest = hn::Set(d, ProbabilityBounds<Wide<T>>().lowest);
  const RowVec<T> highest = hn::Set(d, ProbabilityBounds<Wide<T>>().highest);
  hn::Mask<RowTag<T>> invalid = hn::FirstN(d, 0);

  HWY_INLINE void add(RowVec<T> values) {
    // NaN fails both comparisons.
    invalid = hn::Or(invalid, hn::Not(hn::And(hn::Ge(values, lowest), hn::Le(values, highest))));
  }
  HWY_INLINE bool failed() const { return !hn::AllFalse(d, invalid); }
};

/// Up to this many classes, a vector of rows at a time is faster than a vector of columns: no lane
/// is idle and nothing depends on a branch.
constexpr int64_t kMaxColumnsInTurn = 32;

// Blocks are the 128-bit parts of a vector; they need vectors whose size is known.
#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE

/// A block of every so many rows that each block of the result begins another 4 floats, or 2
/// doubles, further down: those of rows kFirst, kFirst + 4, kFirst + 8, …
template <int kFirst, class D, class Row>
HWY_INLINE hn::Vec<D> load_blocks(D d, const Row& row, int64_t column) {
  if constexpr (sizeof(hn::TFromD<D>) * hn::MaxLanes(D()) <= 16) {
    return hn::LoadU(d, row(kFirst, column));
  } else {
    const hn::Half<D> half;
    constexpr int kMiddle = kFirst + static_cast<int>(hn::MaxLanes(hn::Half<D>()));
    return hn::Combine(d, load_blocks<kMiddle>(half, row, column),
                       load_blocks<kFirst>(half, row, column));
  }
}

/// The 4 columns from `column` on of as many rows as a vector has lanes, each `apart` elements
/// from the other: a transposition of 4 by 4 in every block. Of doubles, the same for 2 columns.
template <class D, class Row>
HWY_INLINE void turn_block_columns(D d, const Row& row, int64_t column, hn::TFromD<D>* out,
                                   int64_t apart) {
  const auto r0 = load_blocks<0>(d, row, column);
  const auto r1 = load_blocks<1>(d, row, column);
  if constexpr (sizeof(hn::TFromD<D>) == 8) {
    hn::Store(hn::InterleaveLower(d, r0, r1), d, out);
    hn::Store(hn::InterleaveUpper(d, r0, r1), d, out + apart);
  } else {
    const hn::RepartitionToWide<D> pairs;
    const auto r2 = load_blocks<2>(d, row, column);
    const auto r3 = load_blocks<3>(d, row, column);
    const auto low01 = hn::BitCast(pairs, hn::InterleaveLower(d, r0, r1));
    const auto high01 = hn::BitCast(pairs, hn::InterleaveUpper(d, r0, r1));
    const auto low23 = hn::BitCast(pairs, hn::InterleaveLower(d, r2, r3));
    const auto high23 = hn::BitCast(pairs, hn::InterleaveUpper(d, r2, r3));
    hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, low01, low23)), d, out);
    hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, low01, low23)), d, out + apart);
    hn::Store(hn::BitCast(d, hn::InterleaveLower(pairs, high01, high23)), d, out + 2 * apart);
    hn::Store(hn::BitCast(d, hn::InterleaveUpper(pairs, high01, high23)), d, out + 3 * apart);
  }
}
#endif

/// Columns of one vector each, back to rows: column k begins at columns[k * lanes], row i goes to
/// rows[i * apart]. What lies in `columns` up to a whole vector of them is written too.
template <class D>
HWY_INLINE void turn_back(D d, const hn::TFromD<D>* columns, int64_t num_columns,
                          hn::TFromD<D>* rows, int64_t apart) {
  constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(D()));
#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
  constexpr int64_t kBlock = 16 / sizeof(hn::TFromD<D>);
  for (int64_t k = 0; k < num_columns; k += kLanes) {
    const auto column = [&](int lane, int64_t i)
                            HWY_ATTR { return columns + (k + lane) * kLanes + i; };
    for (int64_t i = 0; i < kLanes; i += kBlock) {
      turn_block_columns(d, column, i, rows + i * apart + k, apart);
    }
  }
#else
  (void)d;
  for (int64_t k = 0; k < num_columns; ++k) {
    for (int64_t i = 0; i < kLanes; ++i) rows[i * apart + k] = columns[k * kLanes + i];
  }
#endif
}

/// Some rows turned on their side: column after column, each with one value for every row. Not by
/// gathers, which are slow on many processors; many rows at a time, so that what was stored has
/// long arrived when it is loaded.
template <class T>
class TurnedRows {
 public:
  static constexpr int64_t kRows = 64;  // a multiple of all vectors' lanes

  HWY_INLINE void turn(const Rows<T>& rows, int64_t first, int64_t count) {
    fetch_rows_ahead(rows, first, count);
    if constexpr (std::is_same_v<T, float16>) {
      // Rows without gaps are widened as one.
      if (rows.indices == nullptr && rows.stride == rows.columns) {
        HWY_ALIGN float wide[kMaxColumnsInTurn * kRows];
        widen_all(rows.row(first), static_cast<size_t>(count * rows.columns), wide);
        turn_wide(Rows<float>{wide, rows.columns, count, rows.columns}, 0, count);
      } else {
        turn_one_by_one(rows, first, 0, count);
      }
    } else {
      turn_wide(rows, first, count);
    }
  }

  /// Column k of the rows [at, at + lanes) among those that were turned.
  HWY_INLINE RowVec<T> column(int64_t k, int64_t at) const {
    return hn::Load(RowTag<T>(), values_ + k * kRows + at);
  }

 private:
  using W = Wide<T>;

  /// Asks for as many rows two pages further on; into the second cache: the first has no room for
  /// so much beside what is turned.
  static HWY_INLINE void fetch_rows_ahead(const Rows<T>& rows, int64_t first, int64_t count) {
    constexpr int64_t kLine = 64 / sizeof(T);
    constexpr int64_t kPages = 8192 / sizeof(T);
    const int64_t stride = rows.stride;
    if (rows.indices != nullptr || stride <= 0) return;
    // Line by line, or where there are gaps the line in which each row begins.
    const int64_t step = stride == rows.columns ? kLine : HWY_MAX(stride, kLine);
    const T* const from = rows.row(first) + HWY_MAX(kPages / stride, 1) * stride;
    for (int64_t at = 0; at < count * stride; at += step) __builtin_prefetch(from + at, 0, 2);
  }

  static HWY_INLINE void widen_all(const float16* from, size_t count, float* to) {
    const RowTag<float> d;
    const size_t lanes = hn::Lanes(d);
    size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      hn::StoreU(load_lanes(from + i), d, to + i);
    }
    for (; i < count; ++i) to[i] = widen(from[i]);
  }

  /// Rows of the width that is worked in.
  HWY_INLINE void turn_wide(const Rows<W>& rows, int64_t first, int64_t count) {
    int64_t i = 0;
#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
    constexpr int64_t kBlock = 16 / sizeof(W);  // columns turned at once
    const bool has_gaps = rows.indices != nullptr || rows.stride != rows.columns;
    if (rows.columns >= kBlock) {
      i = turn_blocks(rows, first, count);
    } else if (rows.columns == 3 && !has_gaps) {
      // A block reaches into the row behind, so there must be one.
      i = turn_blocks(rows, first, HWY_MIN(count, rows.count - first - 1));
    } else if (rows.columns == 2 && !has_gaps) {
      i = turn_pairs(rows.row(first), count);
    }
#endif
    turn_one_by_one(rows, first, i, count);
  }

#if HWY_TARGET != HWY_SCALAR && !HWY_HAVE_SCALABLE
  /// As many rows at once as a vector has lanes; returns how many were turned.
  HWY_INLINE int64_t turn_blocks(const Rows<W>& rows, int64_t first, int64_t count) {
    constexpr int64_t kBlock = 16 / sizeof(W);
    constexpr auto kLanes = static_cast<int64_t>(hn::MaxLanes(RowTag<W>()));
    int64_t i = 0;
    if (rows.indices == nullptr) {
      const int64_t stride = rows.stride;
      for (; i + kLanes <= count; i += kLanes) {
        const W* parts[kLanes / kBlock];
        for (int64_t part = 0; part < kLanes / kBlock; ++part) {
          parts[part] = rows.data + (first + i + part * kBlock) * stride;
        }
        turn_all_columns(rows.columns, i, [&](int lane, int64_t column) HWY_ATTR {
          return parts[lane / kBlock] + column + lane % kBlock * stride;
        });
      }
    } else {
      for (; i + kLanes <= count; i += kLanes) {
        const W* pointers[kLanes];
        for (int64_t lane = 0; lane < kLanes; ++lane) pointers[lane] = rows.row(first + i + lane);
        turn_all_columns(rows.columns, i, [&](int lane, int64_t column) HWY_ATTR {
          return pointers[lane] + column;
        });
      }
    }
    return i;
  }

  /// A vector of rows, the first of them at `at` in what is turned.
  template <class Row>
  HWY_INLINE void turn_all_columns(int64_t columns, int64_t at, const Row& row) {
    constexpr int64_t kBlock = 16 / sizeof(W);
    const RowTag<W> d;
    int64_t k = 0;
    for (; k + kBlock <= columns; k += kBlock) {
      turn_block_columns(d, row, k, values_ + k * kRows + at, kRows);
    }
    // The last columns again rather than fewer than a block of them.
    if (k < columns) {
      const int64_t last = HWY_MAX(columns - kBlock, 0);
      turn_block_columns(d, row, last, values_ + last * kRows + at, kRows);
    }
  }

  /// The same for rows of two columns without gaps.
  HWY_INLINE int64_t turn_pairs(const W* values, int64_t count) {
    const RowTag<W> d;
    const auto lanes = static_cast<int64_t>(hn::Lanes(d));
    int64_t i = 0;
    for (; i + lanes <= count; i += lanes) {
      RowVec<W> first;
      RowVec<W> second;
      hn::LoadInterleaved2(d, values + 2 * i, first, second);
      hn::Store(first, d, values_ + i);
      hn::Store(second, d, values_ + kRows + i);
    }
    return i;
  }
#endif

  /// The rows [begin, end) from `first` on.
  template <class U>
  HWY_INLINE void turn_one_by_one(const Rows<U>& rows, int64_t first, int64_t begin, int64_t end) {
    for (int64_t i = begin; i < end; ++i) {
      const U* row = rows.row(first + i);
      for (int64_t k = 0; k < rows.columns; ++k) values_[k * kRows + i] = widen(row[k]);
    }
  }

  HWY_ALIGN W values_[kMaxColumnsInTurn * kRows];
};

/// Calls f(turned, i, at) for as many rows as a vector has lanes, from row i on, which lie at `at`
/// in `turned`; f returns false to stop. Returns how many rows are done: those before a stop, or
/// before a last incomplete vector.
template <class T, class F>
HWY_INLINE int64_t for_each_turned(const Rows<T>& rows, const F& f) {
  const auto lanes = static_cast<int64_t>(hn::Lanes(RowTag<T>()));
  TurnedRows<T> turned;
  int64_t i = 0;
  for (; i + lanes <= rows.count; i += lanes) {
    const int64_t at = i % TurnedRows<T>::kRows;
    if (at == 0) turned.turn(rows, i, HWY_MIN(rows.count - i, TurnedRows<T>::kRows));
    if (HWY_UNLIKELY(!f(turned, i, at))) break;
  }
  return i;
}

/// Class indices in lanes as wide as those of D: integers where there are such that are converted
/// fast, otherwise floating-point numbers, exact for the few classes meant here.
template <class D>
using ClassTag =
    hn::Rebind<std::conditional_t<sizeof(hn::TFromD<D>) == 4, int32_t, hn::TFromD<D>>, D>;

/// Class indices in lanes of integers or floating-point numbers.
template <class D>
HWY_INLINE hn::Vec<D> load_classes(D d, const int32_t* p) {
  const auto classes = hn::LoadU(hn::Rebind<int32_t, D>(), p);
  if constexpr (std::is_same_v<hn::TFromD<D>, int32_t>) {
    return classes;
  } else if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::PromoteTo(d, classes);
  } else {
    return hn::ConvertTo(d, classes);
  }
}

/// The integers in lanes of 4 or 8 bytes; floating-point numbers are truncated.
template <class D>
HWY_INLINE hn::Vec<hn::Rebind<int32_t, D>> to_int32(D /*d*/, hn::Vec<D> numbers) {
  const hn::Rebind<int32_t, D> d32;
  if constexpr (std::is_same_v<hn::TFromD<D>, int32_t>) {
    return numbers;
  } else if constexpr (sizeof(hn::TFromD<D>) == 8) {
    return hn::DemoteTo(d32, numbers);
  } else {
    return hn::ConvertTo(d32, numbers);
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
