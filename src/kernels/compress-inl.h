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

/// Brings the lanes of a mask together.
template <class D>
class Compression {
 public:
  HWY_INLINE Compression(D d, hn::Mask<D> mask) : mask_(mask) {
    if constexpr (kByTable) {
      bits_ = bits_of(d, mask);
    } else {
      count_ = static_cast<int64_t>(hn::CountTrue(d, mask));
    }
  }

  /// The number of lanes.
  HWY_INLINE int64_t count() const {
    return kByTable ? static_cast<int64_t>(hwy::PopCount(bits_)) : count_;
  }

  /// Writes the mask's lanes of `values` one behind the other; overwrites as much as there are
  /// lanes. Values may be of another width than the mask's.
  template <class V>
  HWY_INLINE void store(V values_tag, hn::Vec<V> values, hn::TFromD<V>* out) const {
    if constexpr (!kByTable) {
      // Not CompressStore: AMD's Zen 4 compresses ten times as slowly into memory as in a register.
      hn::StoreU(hn::Compress(values, hn::RebindMask(values_tag, mask_)), values_tag, out);
    } else {
      // Highway has its tables for this inside functions, and g++ copies them to the stack each
      // time.
      const hn::Rebind<uint8_t, V> bytes_tag;
      const hn::Rebind<uint32_t, V> narrow;
      const hn::RebindToUnsigned<V> wide;
      const auto lanes = hn::PromoteTo(
          narrow, hn::LoadU(bytes_tag, reinterpret_cast<const uint8_t*>(&kCompressTable[bits_])));
      if constexpr (sizeof(hn::TFromD<V>) == 8) {
        store_lanes(values_tag, values, hn::PromoteTo(wide, lanes), out);
      } else {
        store_lanes(values_tag, values, lanes, out);
      }
    }
  }

 private:
  static constexpr bool kByTable = hn::MaxLanes(D()) <= 8;

  template <class V>
  HWY_INLINE static void store_lanes(V values_tag, hn::Vec<V> values,
                                     hn::Vec<hn::RebindToUnsigned<V>> lanes, hn::TFromD<V>* out) {
    hn::StoreU(hn::TableLookupLanes(values, hn::IndicesFromVec(values_tag, lanes)), values_tag,
               out);
  }

  hn::Mask<D> mask_;
  uint64_t bits_ = 0;
  int64_t count_ = 0;
};

/// Writes the positions of the mask's lanes, the first lane at `first`; returns their number.
template <class D>
HWY_INLINE int64_t store_positions(D d, int64_t first, hn::Mask<D> mask, uint32_t* out) {
  const hn::Rebind<uint32_t, D> positions_tag;
  const auto lanes = hn::Iota(positions_tag, uint32_t{0});
  const auto positions = hn::Add(lanes, hn::Set(positions_tag, static_cast<uint32_t>(first)));
  const Compression compression(d, mask);
  compression.store(positions_tag, positions, out);
  return compression.count();
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // LABELSIEVE_KERNELS_COMPRESS_INL_H_
