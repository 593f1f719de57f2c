#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/multilabel_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                             // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/bounds.h"
#include "kernels/dispatch.h"
#include "kernels/multilabel_kernel.h"
#include "kernels/multilabel_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// Adding and subtracting a number with that unit in the last place rounds to multiples of it.
constexpr double kToHighUnit = 1.5 * 0x1p12;  // 2^-40
constexpr double kToLowUnit = 1.5 * 0x1p-28;  // 2^-80

/// The rows [first, last), of which a vector of columns from k on.
template <class T>
HWY_INLINE bool add_given_columns(const LabelledRows<T>& in, int64_t first, int64_t last, size_t k,
                                  const GivenSums& sums) {
  const hn::ScalableTag<double> d;
  const hn::Rebind<Wide<T>, decltype(d)> wide;
  const auto columns = static_cast<size_t>(in.rows.columns);
  const ProbabilityBounds<Wide<T>> bounds;
  const auto lowest = hn::Set(d, static_cast<double>(bounds.lowest));
  const auto highest = hn::Set(d, static_cast<double>(bounds.highest));
  const auto to_high = hn::Set(d, kToHighUnit);
  const auto to_low = hn::Set(d, kToLowUnit);
  auto valid = hn::FirstN(d, hn::Lanes(d));
  auto high_sum = hn::LoadU(d, sums.high + k);
  auto low_sum = hn::LoadU(d, sums.low + k);
  auto present_high = hn::LoadU(d, sums.present_high + k);
  auto present_low = hn::LoadU(d, sums.present_low + k);
  auto num_present = hn::LoadU(d, sums.num_present + k);
  for (int64_t i = first; i < last; ++i) {
    const auto p = load_for_doubles(in.rows.row(i), k, columns);
    const auto is_given = load_labels(d, in.labels + static_cast<size_t>(i) * columns + k);
    const Doubles present = to_doubles(p);
    const Doubles absent = to_doubles(hn::Sub(hn::Set(wide, Wide<T>{1}), p));
    valid = hn::And(valid, hn::And(hn::Ge(present, lowest), hn::Le(present, highest)));
    const Doubles own = hn::IfThenElse(is_given, present, absent);
    const Doubles high = hn::Sub(hn::Add(own, to_high), to_high);
    const Doubles low = hn::Sub(hn::Add(hn::Sub(own, high), to_low), to_low);
    high_sum = hn::Add(high_sum, high);
    low_sum = hn::Add(low_sum, low);
    present_high = hn::Add(present_high, hn::IfThenElseZero(is_given, high));
    present_low = hn::Add(present_low, hn::IfThenElseZero(is_given, low));
    num_present = hn::Add(num_present, hn::IfThenElseZero(is_given, hn::Set(d, 1.0)));
  }
  store_columns(d, high_sum, sums.high + k, columns - k);
  store_columns(d, low_sum, sums.low + k, columns - k);
  store_columns(d, present_high, sums.present_high + k, columns - k);
  store_columns(d, present_low, sums.present_low + k, columns - k);
  store_columns(d, num_present, sums.num_present + k, columns - k);
  return hn::AllTrue(d, valid);
}

template <class T>
bool add_given_rows(const LabelledRows<T>& in, const GivenSums& sums) {
  const size_t lanes = hn::Lanes(hn::ScalableTag<double>());
  const auto columns = static_cast<size_t>(in.rows.columns);
  const int64_t step = rows_in_cache(in.rows.columns, sizeof(T));
  for (int64_t i = 0; i < in.rows.count; i += step) {
    const int64_t end = HWY_MIN(i + step, in.rows.count);
    for (size_t k = 0; k < columns; k += lanes) {
      if (HWY_UNLIKELY(!add_given_columns(in, i, end, k, sums))) return false;
    }
  }
  return true;
}

template <class T>
HWY_INLINE void count_columns(const LabelledRows<T>& in, int64_t first, int64_t last, size_t k,
                              const GuessLimits<Wide<T>>& limits,
                              const GuessCounts<Wide<T>>& counts) {
  const RowTag<T> d;
  const auto columns = static_cast<size_t>(in.rows.columns);
  const auto one = hn::Set(d, Wide<T>{1});
  const auto half = hn::Set(d, Wide<T>{0.5});
  const auto present_limit = hn::LoadU(d, limits.present + k);
  const auto absent_limit = hn::LoadU(d, limits.absent + k);
  const auto given_limit = hn::Set(d, limits.given_disagrees);
  const auto missing_limit = hn::Set(d, limits.missing_disagrees);
  auto present = hn::LoadU(d, counts.present + k);
  auto absent = hn::LoadU(d, counts.absent + k);
  auto given_present = hn::LoadU(d, counts.given_present + k);
  auto given_absent = hn::LoadU(d, counts.given_absent + k);
  auto disagreeing = hn::LoadU(d, counts.disagreeing + k);
  auto off_diagonal = hn::LoadU(d, counts.off_diagonal + k);
  for (int64_t i = first; i < last; ++i) {
    const auto p = load_columns(in.rows.row(i), k, columns);
    const auto is_given = load_labels(d, in.labels + static_cast<size_t>(i) * columns + k);
    // The larger side first, absent where they are equal; the other if only that is confident.
    const auto is_upper = hn::Gt(p, half);
    const auto can_be_present = hn::Ge(p, present_limit);
    const auto can_be_absent = hn::Le(p, absent_limit);
    const auto guess_present = hn::And(can_be_present, hn::Or(is_upper, hn::Not(can_be_absent)));
    const auto guess_absent = hn::AndNot(guess_present, can_be_absent);
    const auto wrongly_given = hn::And(is_given, hn::Le(p, given_limit));
    const auto wrongly_missing = hn::AndNot(is_given, hn::Ge(p, missing_limit));
    const auto is_off =
        hn::Or(hn::And(wrongly_given, guess_absent), hn::And(wrongly_missing, guess_present));
    present = hn::Add(present, hn::IfThenElseZero(guess_present, one));
    absent = hn::Add(absent, hn::IfThenElseZero(guess_absent, one));
    given_present =
        hn::Add(given_present, hn::IfThenElseZero(hn::And(is_given, guess_present), one));
    given_absent = hn::Add(given_absent, hn::IfThenElseZero(hn::And(is_given, guess_absent), one));
    disagreeing =
        hn::Add(disagreeing, hn::IfThenElseZero(hn::Or(wrongly_given, wrongly_missing), one));
    off_diagonal = hn::Add(off_diagonal, hn::IfThenElseZero(is_off, one));
  }
  store_columns(d, present, counts.present + k, columns - k);
  store_columns(d, absent, counts.absent + k, columns - k);
  store_columns(d, given_present, counts.given_present + k, columns - k);
  store_columns(d, given_absent, counts.given_absent + k, columns - k);
  store_columns(d, disagreeing, counts.disagreeing + k, columns - k);
  store_columns(d, off_diagonal, counts.off_diagonal + k, columns - k);
}

template <class T>
void count_rows_of(const LabelledRows<T>& in, const GuessLimits<Wide<T>>& limits,
                   const GuessCounts<Wide<T>>& counts) {
  const size_t lanes = hn::Lanes(RowTag<T>());
  const auto columns = static_cast<size_t>(in.rows.columns);
  const int64_t step = rows_in_cache(in.rows.columns, sizeof(T));
  for (int64_t i = 0; i < in.rows.count; i += step) {
    const int64_t end = HWY_MIN(i + step, in.rows.count);
    for (size_t k = 0; k < columns; k += lanes) count_columns(in, i, end, k, limits, counts);
  }
}

template <class T>
int64_t select_rows(const LabelledRows<T>& in, const Wide<T>* given_at_most,
                    const Wide<T>* missing_at_least, uint32_t* out) {
  const RowTag<T> d;
  const size_t lanes = hn::Lanes(d);
  const auto columns = static_cast<size_t>(in.rows.columns);
  uint32_t* next = out;
  for (int64_t i = 0; i < in.rows.count; ++i) {
    const T* row = in.rows.row(i);
    const size_t start = static_cast<size_t>(i) * columns;
    for (size_t k = 0; k < columns; k += lanes) {
      const auto p = load_columns(row, k, columns);
      const auto is_given = load_labels(d, in.labels + start + k);
      const auto given = hn::And(is_given, hn::Le(p, hn::LoadU(d, given_at_most + k)));
      const auto missing = hn::AndNot(is_given, hn::Ge(p, hn::LoadU(d, missing_at_least + k)));
      const auto selected = hn::And(hn::Or(given, missing), hn::FirstN(d, columns - k));
      if (hn::AllFalse(d, selected)) continue;
      uint8_t bytes[8] = {};
      hn::StoreMaskBits(d, selected, bytes);
      uint64_t bits = 0;
      std::memcpy(&bits, bytes, sizeof bits);
      for (; bits != 0; bits &= bits - 1) {
        *next++ = static_cast<uint32_t>(start + k + static_cast<size_t>(__builtin_ctzll(bits)));
      }
    }
  }
  return next - out;
}

#define LABELSIEVE_MULTILABEL_KERNELS(suffix, T)                                               \
  bool add_given_##suffix(const LabelledRows<T>& rows, const GivenSums& sums) {                \
    return add_given_rows(rows, sums);                                                         \
  }                                                                                            \
  void count_guesses_##suffix(const LabelledRows<T>& rows, const GuessLimits<Wide<T>>& limits, \
                              const GuessCounts<Wide<T>>& counts) {                            \
    count_rows_of(rows, limits, counts);                                                       \
  }                                                                                            \
  int64_t select_labels_##suffix(const LabelledRows<T>& rows, const Wide<T>* given_at_most,    \
                                 const Wide<T>* missing_at_least, uint32_t* out) {             \
    return select_rows(rows, given_at_most, missing_at_least, out);                            \
  }
LABELSIEVE_MULTILABEL_KERNELS(f16, float16)
LABELSIEVE_MULTILABEL_KERNELS(f32, float)
LABELSIEVE_MULTILABEL_KERNELS(f64, double)
#undef LABELSIEVE_MULTILABEL_KERNELS

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

#define LABELSIEVE_MULTILABEL_KERNELS(suffix, T)                                              \
  LABELSIEVE_EXPORT(add_given_##suffix);                                                      \
  LABELSIEVE_EXPORT(count_guesses_##suffix);                                                  \
  LABELSIEVE_EXPORT(select_labels_##suffix);                                                  \
  bool add_given(const LabelledRows<T>& rows, const GivenSums& sums) {                        \
    return LABELSIEVE_DISPATCH(add_given_##suffix)(rows, sums);                               \
  }                                                                                           \
  void count_guesses(const LabelledRows<T>& rows, const GuessLimits<Wide<T>>& limits,         \
                     const GuessCounts<Wide<T>>& counts) {                                    \
    LABELSIEVE_DISPATCH(count_guesses_##suffix)(rows, limits, counts);                        \
  }                                                                                           \
  int64_t select_labels(const LabelledRows<T>& rows, const Wide<T>* given_at_most,            \
                        const Wide<T>* missing_at_least, uint32_t* out) {                     \
    return LABELSIEVE_DISPATCH(select_labels_##suffix)(rows, given_at_most, missing_at_least, \
                                                       out);                                  \
  }
LABELSIEVE_MULTILABEL_KERNELS(f16, float16)
LABELSIEVE_MULTILABEL_KERNELS(f32, float)
LABELSIEVE_MULTILABEL_KERNELS(f64, double)
#undef LABELSIEVE_MULTILABEL_KERNELS

}  // namespace labelsieve
#endif  // HWY_ONCE
