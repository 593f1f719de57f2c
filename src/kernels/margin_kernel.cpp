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

template <class T>
int64_t list(const Rows<T>& rows, const int32_t* labels, std::span<const uint32_t> positions,
             const MarginPlaces& places, Wide<T> lowest, Wide<T>* margins, uint32_t* codes) {
  const RowTag<T> d;
  const hn::Rebind<int32_t, decltype(d)> places_tag;
  const hn::Rebind<uint32_t, decltype(d)> codes_tag;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto intervals = static_cast<int32_t>(places.num_intervals());
  const auto scale = hn::Set(d, static_cast<Wide<T>>(intervals));
  const auto last = hn::Set(d, static_cast<Wide<T>>(intervals - 1));
  const auto least = hn::Set(d, lowest);
  const auto starts = hn::Mul(hn::Iota(places_tag, int32_t{0}), hn::Set(places_tag, intervals));
  int64_t found = 0;
  for (const uint32_t i : positions) {
    const T* row = rows.row(i);
    const int32_t given = labels[i];
    const auto own = hn::Set(d, widen(row[given]));
    const auto code = (i << MarginPlaces::kBits) + static_cast<uint32_t>(places.first(given, 0));
    const auto add = [&](auto values, int64_t k) HWY_ATTR {
      const auto row_margins = hn::Sub(values, own);
      const Compression wanted(d, hn::Ge(row_margins, least));
      const auto interval = to_int32(d, hn::Min(hn::Mul(row_margins, scale), last));
      const auto first = hn::Set(codes_tag, code + static_cast<uint32_t>(k * intervals));
      const auto row_codes = hn::Add(hn::BitCast(codes_tag, hn::Add(interval, starts)), first);
      wanted.store(d, row_margins, margins + found);
      wanted.store(codes_tag, row_codes, codes + found);
      found += wanted.count();
    };
    int64_t k = 0;
    for (; k + lanes <= rows.columns; k += lanes) add(load_lanes(row + k), k);
    // Behind the last column are zeros, whose margins are too small.
    if (k < rows.columns) {
      add(load_first_lanes(row + k, static_cast<size_t>(rows.columns - k)), k);
    }
  }
  return found;
}

int64_t list_f16(const Rows<float16>& rows, const int32_t* labels,
                 std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                 float* margins, uint32_t* codes) {
  return list(rows, labels, positions, places, lowest, margins, codes);
}
int64_t list_f32(const Rows<float>& rows, const int32_t* labels,
                 std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                 float* margins, uint32_t* codes) {
  return list(rows, labels, positions, places, lowest, margins, codes);
}
int64_t list_f64(const Rows<double>& rows, const int32_t* labels,
                 std::span<const uint32_t> positions, const MarginPlaces& places, double lowest,
                 double* margins, uint32_t* codes) {
  return list(rows, labels, positions, places, lowest, margins, codes);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(list_f16);
LABELSIEVE_EXPORT(list_f32);
LABELSIEVE_EXPORT(list_f64);

int64_t list_margins(const Rows<float16>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                     float* margins, uint32_t* codes) {
  return LABELSIEVE_DISPATCH(list_f16)(rows, labels, positions, places, lowest, margins, codes);
}
int64_t list_margins(const Rows<float>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                     float* margins, uint32_t* codes) {
  return LABELSIEVE_DISPATCH(list_f32)(rows, labels, positions, places, lowest, margins, codes);
}
int64_t list_margins(const Rows<double>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, double lowest,
                     double* margins, uint32_t* codes) {
  return LABELSIEVE_DISPATCH(list_f64)(rows, labels, positions, places, lowest, margins, codes);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
