#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/margin_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                         // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/margin_kernel.h"
#include "kernels/simd_rows-inl.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

/// The lanes of a mask as the lowest bits of a number.
template <class D>
HWY_INLINE uint64_t bits_of(D d, hn::Mask<D> mask) {
  HWY_ALIGN uint8_t bytes[8] = {};
  hn::StoreMaskBits(d, mask, bytes);
  uint64_t bits;
  std::memcpy(&bits, bytes, sizeof(bits));
  return bits;
}

template <class W>
void find_wanted(const W* rows, int64_t count, int64_t columns, int64_t given, const W* lowest,
                 uint64_t* wanted) {
  const RowTag<W> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto rest = static_cast<size_t>(columns % lanes);
  const int64_t whole = columns - columns % lanes;
  for (int64_t i = 0; i < count; ++i, rows += columns) {
    const auto own = hn::Set(d, rows[given]);
    uint64_t bits = 0;
    for (int64_t k = 0; k < whole; k += lanes) {
      const auto margins = hn::Sub(hn::LoadU(d, rows + k), own);
      bits |= bits_of(d, hn::Ge(margins, hn::LoadU(d, lowest + k))) << k;
    }
    if (rest > 0) {
      // Behind the last column `lowest` is infinite.
      const auto margins = hn::Sub(load_first_lanes(rows + whole, rest), own);
      bits |= bits_of(d, hn::Ge(margins, hn::LoadU(d, lowest + whole))) << whole;
    }
    wanted[i] = bits;
  }
}

void find_wanted_f32(const float* rows, int64_t count, int64_t columns, int64_t given,
                     const float* lowest, uint64_t* wanted) {
  find_wanted(rows, count, columns, given, lowest, wanted);
}
void find_wanted_f64(const double* rows, int64_t count, int64_t columns, int64_t given,
                     const double* lowest, uint64_t* wanted) {
  find_wanted(rows, count, columns, given, lowest, wanted);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

HWY_EXPORT(find_wanted_f32);
HWY_EXPORT(find_wanted_f64);

void find_large_margins(const float* rows, int64_t count, int64_t columns, int64_t given,
                        const float* lowest, uint64_t* wanted) {
  HWY_DYNAMIC_DISPATCH(find_wanted_f32)(rows, count, columns, given, lowest, wanted);
}
void find_large_margins(const double* rows, int64_t count, int64_t columns, int64_t given,
                        const double* lowest, uint64_t* wanted) {
  HWY_DYNAMIC_DISPATCH(find_wanted_f64)(rows, count, columns, given, lowest, wanted);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
