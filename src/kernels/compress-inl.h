// Lanes of a mask, for whichever target is being compiled. Included by kernels once per target,
// inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_COMPRESS_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_COMPRESS_INL_H_
#undef LABELSIEVE_KERNELS_COMPRESS_INL_H_
#else
#define LABELSIEVE_KERNELS_COMPRESS_INL_H_
#endif

#include <hwy/highway.h>

#include <cstdint>
#include <cstring>

#include "kernels/compress_table.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// The lanes of a mask as the lowest bits of a number.
template <class D>
HWY_INLINE uint64_t bits_of(D d, hn::Mask<D> mask) {
  // Read as it was written: a wider load would have to wait until the bytes are in the cache.
  using Bits = hwy::UnsignedFromSize<(hn::MaxLanes(d) + 7) / 8>;
  HWY_ALIGN uint8_t bytes[8] = {};  // as many as StoreMaskBits may write
  hn::StoreMaskBits(d, mask, bytes);
  Bits bits;
  std::memcpy(&bits, bytes, sizeof(bits));
  return bits;
}

/// Writes the values of the mask's lanes one behind the other and returns their number; overwrites
/// as much as there are lanes.
template <class D>
HWY_INLINE int64_t compress_store(D d, hn::Mask<D> mask, hn::Vec<hn::Rebind<uint32_t, D>> values,
                                  uint32_t* out) {
  const hn::Rebind<uint32_t, D> values_tag;
  if constexpr (hn::MaxLanes(values_tag) > 8) {
    // Not CompressStore: AMD's Zen 4 compresses ten times as slowly into memory as in a register.
    hn::StoreU(hn::Compress(values, hn::RebindMask(values_tag, mask)), values_tag, out);
    return static_cast<int64_t>(hn::CountTrue(d, mask));
  } else {
    // Highway has its tables for this inside functions, and g++ copies them to the stack each time.
    const uint64_t bits = bits_of(d, mask);
    const hn::Rebind<uint8_t, D> bytes;
    const auto lanes = hn::PromoteTo(
        values_tag, hn::LoadU(bytes, reinterpret_cast<const uint8_t*>(&kCompressTable[bits])));
    hn::StoreU(hn::TableLookupLanes(values, hn::IndicesFromVec(values_tag, lanes)), values_tag,
               out);
    return static_cast<int64_t>(hwy::PopCount(bits));
  }
}

/// Writes the positions of the mask's lanes, the first lane at `first`; returns their number.
template <class D>
HWY_INLINE int64_t store_positions(D d, int64_t first, hn::Mask<D> mask, uint32_t* out) {
  const hn::Rebind<uint32_t, D> positions_tag;
  const auto lanes = hn::Iota(positions_tag, uint32_t{0});
  const auto positions = hn::Add(lanes, hn::Set(positions_tag, static_cast<uint32_t>(first)));
  return compress_store(d, mask, positions, out);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // LABELSIEVE_KERNELS_COMPRESS_INL_H_
