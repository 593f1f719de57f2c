#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/label_decode.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <string>
#include <type_traits>

#include "kernels/dispatch.h"
#include "kernels/label_decode.h"
#include "kernels/read_element.h"
#include "labelsieve/error.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Converts all, then looks whether all were classes, which leaves the loop without branches.
/// False if one was not.
bool decode_int64(const int64_t* labels, int64_t count, int64_t num_classes, int32_t* out) {
  const hn::ScalableTag<int64_t> d;
  const hn::RebindToUnsigned<decltype(d)> wide;
  const hn::Rebind<uint32_t, decltype(d)> narrow;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto last = hn::Set(d, num_classes - 1);
  // Negative once a label, or what is left to the last class, was.
  auto signs = hn::Zero(d);
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto label = hn::LoadU(d, labels + i);
    signs = hn::Or(signs, hn::Or(label, hn::Sub(last, label)));
    hn::StoreU(hn::TruncateTo(narrow, hn::BitCast(wide, label)), narrow,
               reinterpret_cast<uint32_t*>(out) + i);
  }
  bool all_valid = hn::AllFalse(d, hn::Lt(signs, hn::Zero(d)));
  for (; i < count; ++i) {
    all_valid = all_valid && labels[i] >= 0 && labels[i] < num_classes;
    out[i] = static_cast<int32_t>(labels[i]);
  }
  return all_valid;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {
namespace {

LABELSIEVE_EXPORT(decode_int64);

[[noreturn]] void refuse(const std::string& label, int64_t row, int64_t num_classes) {
  throw Error(ErrorCode::kInvalidData,
              "label " + label + " is not among the classes 0.." + std::to_string(num_classes - 1) +
                  " that the probabilities have columns for",
              {.file = {}, .line = -1, .row = row, .column = {}});
}

template <class T>
void decode(const LabelsView& labels, int64_t first, int64_t count, int64_t num_classes,
            int64_t first_row, int32_t* out) {
  const std::byte* source = static_cast<const std::byte*>(labels.data) + first * labels.stride;
  const bool may_ignore = labels.ignore_label.has_value();
  const int64_t ignore = labels.ignore_label.value_or(0);
  for (int64_t i = 0; i < count; ++i, source += labels.stride) {
    const T label = read_element<T>(source, labels.byte_swapped);
    // As unsigned, negative labels are out of range too.
    if (static_cast<uint64_t>(label) < static_cast<uint64_t>(num_classes)) [[likely]] {
      out[i] = static_cast<int32_t>(label);
      if (may_ignore && static_cast<int64_t>(label) == ignore) out[i] = kIgnored;
    } else if (may_ignore && static_cast<int64_t>(label) == ignore) {
      out[i] = kIgnored;
    } else {
      refuse(std::to_string(label), first_row + first + i, num_classes);
    }
  }
}

/// The same for contiguous native labels of any width, none of them ignored.
template <class T>
bool decode_contiguous(const T* source, int64_t count, int64_t num_classes, int32_t* out) {
  if constexpr (std::is_same_v<T, int64_t>) {  // what most labels come in
    constexpr int64_t kFew = 16;               // below, choosing the instructions takes longest
    if (count >= kFew) return LABELSIEVE_DISPATCH(decode_int64)(source, count, num_classes, out);
  }
  int64_t signs = 0;  // negative once a label, or what is left to the last class, was
  for (int64_t i = 0; i < count; ++i) {
    const auto label = static_cast<int64_t>(source[i]);
    // Unsigned, for the lowest label of all has no distance that an int64_t holds.
    signs |= label | static_cast<int64_t>(static_cast<uint64_t>(num_classes - 1) -
                                          static_cast<uint64_t>(label));
    out[i] = static_cast<int32_t>(label);
  }
  return signs >= 0;
}

}  // namespace

void decode_labels(const LabelsView& labels, int64_t first, int64_t count, int64_t num_classes,
                   int64_t first_row, int32_t* out) {
  const auto run = [&]<class T>(T) {
    const auto* source = static_cast<const std::byte*>(labels.data) + first * labels.stride;
    if (labels.stride == static_cast<int64_t>(sizeof(T)) && !labels.byte_swapped &&
        !labels.ignore_label && reinterpret_cast<uintptr_t>(source) % alignof(T) == 0 &&
        decode_contiguous(reinterpret_cast<const T*>(source), count, num_classes, out)) {
      return;
    }
    decode<T>(labels, first, count, num_classes, first_row, out);
  };
  switch (labels.type) {
    case IntType::kInt8: return run(int8_t{});
    case IntType::kInt16: return run(int16_t{});
    case IntType::kInt32: return run(int32_t{});
    case IntType::kInt64: return run(int64_t{});
    case IntType::kUInt8: return run(uint8_t{});
    case IntType::kUInt16: return run(uint16_t{});
    case IntType::kUInt32: return run(uint32_t{});
    case IntType::kUInt64: return run(uint64_t{});
  }
}

}  // namespace labelsieve
#endif  // HWY_ONCE
