#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/margin_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                         // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/compress-inl.h"
#include "kernels/dispatch.h"
#include "kernels/margin_kernel.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// Calls f(margins, wanted, k) for the vectors of a row: the margins of the columns from k on and
/// a mask of those that are large enough. Behind the last column `lowest` is infinite.
template <class W, class F>
HWY_INLINE void for_each_margins(const W* row, int64_t columns, int64_t given, const W* lowest,
                                 const F& f) {
  const RowTag<W> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto own = hn::Set(d, row[given]);
  int64_t k = 0;
  for (; k + lanes <= columns; k += lanes) {
    const auto margins = hn::Sub(hn::LoadU(d, row + k), own);
    f(margins, hn::Ge(margins, hn::LoadU(d, lowest + k)), k);
  }
  if (k < columns) {
    const auto margins = hn::Sub(load_first_lanes(row + k, static_cast<size_t>(columns - k)), own);
    f(margins, hn::Ge(margins, hn::LoadU(d, lowest + k)), k);
  }
}

template <class W>
void find_wanted(const W* rows, int64_t count, int64_t columns, int64_t given, const W* lowest,
                 uint64_t* wanted) {
  const RowTag<W> d;
  for (int64_t i = 0; i < count; ++i) {
    uint64_t bits = 0;
    for_each_margins(rows + i * columns, columns, given, lowest,
                     [&](auto, auto is_wanted, int64_t k)
                         HWY_ATTR { bits |= bits_of(d, is_wanted) << k; });
    wanted[i] = bits;
  }
}

template <class W>
int64_t list_intervals(const W* rows, int64_t count, int64_t columns, int64_t given,
                       const W* lowest, uint32_t* out) {
  const RowTag<W> d;
  const hn::RebindToSigned<decltype(d)> places_tag;
  const hn::RebindToUnsigned<decltype(d)> unsigned_tag;
  const hn::Rebind<uint32_t, decltype(d)> narrow;
  const auto scale = hn::Set(d, static_cast<W>(kMarginIntervals));
  const auto last = hn::Set(d, static_cast<W>(kMarginIntervals - 1));
  using Place = hn::TFromD<decltype(places_tag)>;
  const auto starts =
      hn::Mul(hn::Iota(places_tag, Place{0}), hn::Set(places_tag, Place{kMarginIntervals}));
  int64_t found = 0;
  for (int64_t i = 0; i < count; ++i) {
    for_each_margins(
        rows + i * columns, columns, given, lowest,
        [&](auto margins, auto is_wanted, int64_t k) HWY_ATTR {
          const auto interval = hn::ConvertTo(places_tag, hn::Min(hn::Mul(margins, scale), last));
          const auto first = hn::Set(places_tag, static_cast<Place>(k * kMarginIntervals));
          const auto places = hn::BitCast(unsigned_tag, hn::Add(interval, hn::Add(starts, first)));
          if constexpr (sizeof(W) == 8) {
            found += compress_store(d, is_wanted, hn::TruncateTo(narrow, places), out + found);
          } else {
            found += compress_store(d, is_wanted, places, out + found);
          }
        });
  }
  return found;
}

void find_wanted_f32(const float* rows, int64_t count, int64_t columns, int64_t given,
                     const float* lowest, uint64_t* wanted) {
  find_wanted(rows, count, columns, given, lowest, wanted);
}
void find_wanted_f64(const double* rows, int64_t count, int64_t columns, int64_t given,
                     const double* lowest, uint64_t* wanted) {
  find_wanted(rows, count, columns, given, lowest, wanted);
}

int64_t list_intervals_f32(const float* rows, int64_t count, int64_t columns, int64_t given,
                           const float* lowest, uint32_t* out) {
  return list_intervals(rows, count, columns, given, lowest, out);
}
int64_t list_intervals_f64(const double* rows, int64_t count, int64_t columns, int64_t given,
                           const double* lowest, uint32_t* out) {
  return list_intervals(rows, count, columns, given, lowest, out);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(find_wanted_f32);
LABELSIEVE_EXPORT(find_wanted_f64);
LABELSIEVE_EXPORT(list_intervals_f32);
LABELSIEVE_EXPORT(list_intervals_f64);

void find_large_margins(const float* rows, int64_t count, int64_t columns, int64_t given,
                        const float* lowest, uint64_t* wanted) {
  LABELSIEVE_DISPATCH(find_wanted_f32)(rows, count, columns, given, lowest, wanted);
}
void find_large_margins(const double* rows, int64_t count, int64_t columns, int64_t given,
                        const double* lowest, uint64_t* wanted) {
  LABELSIEVE_DISPATCH(find_wanted_f64)(rows, count, columns, given, lowest, wanted);
}

int64_t list_margin_intervals(const float* rows, int64_t count, int64_t columns, int64_t given,
                              const float* lowest, uint32_t* out) {
  return LABELSIEVE_DISPATCH(list_intervals_f32)(rows, count, columns, given, lowest, out);
}
int64_t list_margin_intervals(const double* rows, int64_t count, int64_t columns, int64_t given,
                              const double* lowest, uint32_t* out) {
  return LABELSIEVE_DISPATCH(list_intervals_f64)(rows, count, columns, given, lowest, out);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
