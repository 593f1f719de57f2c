#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/label_decode.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include <bit>
#include <cstddef>
#include <optional>
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
/// False if one was not. With kMayIgnore those that are `ignored` become kIgnored.
template <bool kMayIgnore>
bool decode_all(const int64_t* labels, int64_t count, int64_t num_classes, int64_t ignored,
                int32_t* out) {
  const hn::ScalableTag<int64_t> d;
  const hn::RebindToUnsigned<decltype(d)> wide;
  const hn::Rebind<uint32_t, decltype(d)> narrow;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto last = hn::Set(d, num_classes - 1);
  const auto ignored_label = hn::Set(d, ignored);
  const auto ignored_out = hn::Set(d, int64_t{kIgnored});
  // Negative once a label, or what is left to the last class, was.
  auto signs = hn::Zero(d);
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    auto label = hn::LoadU(d, labels + i);
    auto sign = hn::Or(label, hn::Sub(last, label));
    if constexpr (kMayIgnore) {
      const auto is_ignored = hn::Eq(label, ignored_label);
      sign = hn::IfThenZeroElse(is_ignored, sign);
      label = hn::IfThenElse(is_ignored, ignored_out, label);
    }
    signs = hn::Or(signs, sign);
    hn::StoreU(hn::TruncateTo(narrow, hn::BitCast(wide, label)), narrow,
               reinterpret_cast<uint32_t*>(out) + i);
  }
  bool all_valid = hn::AllFalse(d, hn::Lt(signs, hn::Zero(d)));
  for (; i < count; ++i) {
    const bool is_ignored = kMayIgnore && labels[i] == ignored;
    all_valid = all_valid && (is_ignored || (labels[i] >= 0 && labels[i] < num_classes));
    out[i] = is_ignored ? kIgnored : static_cast<int32_t>(labels[i]);
  }
  return all_valid;
}

bool decode_int64(const int64_t* labels, int64_t count, int64_t num_classes,
                  std::optional<int64_t> ignored, int32_t* out) {
  return ignored ? decode_all<true>(labels, count, num_classes, *ignored, out)
                 : decode_all<false>(labels, count, num_classes, 0, out);
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

/// Labels of any layout, those of the rows row_of(0), row_of(1), …
template <class T, class RowOf>
void decode(const LabelsView& labels, int64_t count, const RowOf& row_of, int64_t num_classes,
            int64_t first_row, int32_t* out) {
  const auto* const data = static_cast<const std::byte*>(labels.data);
  const bool may_ignore = labels.ignore_label.has_value();
  const int64_t ignore = labels.ignore_label.value_or(0);
  for (int64_t i = 0; i < count; ++i) {
    const T label = read_element<T>(data + row_of(i) * labels.stride, labels.byte_swapped);
    // As unsigned, negative labels are out of range too.
    if (static_cast<uint64_t>(label) < static_cast<uint64_t>(num_classes)) [[likely]] {
      out[i] = static_cast<int32_t>(label);
      if (may_ignore && static_cast<int64_t>(label) == ignore) out[i] = kIgnored;
    } else if (may_ignore && static_cast<int64_t>(label) == ignore) {
      out[i] = kIgnored;
    } else {
      refuse(std::to_string(label), first_row + row_of(i), num_classes);
    }
  }
}

/// The same for contiguous native labels of any width; false where that is not enough: one is
/// refused, or is ignored and not an int64_t.
template <class T>
bool decode_contiguous(const T* source, int64_t count, int64_t num_classes,
                       std::optional<int64_t> ignored, int32_t* out) {
  if constexpr (std::is_same_v<T, int64_t>) {  // what most labels come in
    constexpr int64_t kFew = 16;               // below, choosing the instructions takes longest
    if (count >= kFew) {
      return LABELSIEVE_DISPATCH(decode_int64)(source, count, num_classes, ignored, out);
    }
  }
  if (ignored) return false;
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
  visit_int_type(labels.type, [&]<class T>(T) {
    const auto* source = static_cast<const std::byte*>(labels.data) + first * labels.stride;
    if (labels.stride == static_cast<int64_t>(sizeof(T)) && !labels.byte_swapped &&
        reinterpret_cast<uintptr_t>(source) % alignof(T) == 0 &&
        decode_contiguous(reinterpret_cast<const T*>(source), count, num_classes,
                          labels.ignore_label, out)) {
      return;
    }
    const auto row_of = [first](int64_t i) { return first + i; };
    decode<T>(labels, count, row_of, num_classes, first_row, out);
  });
}

void decode_labels(const LabelsView& labels, std::span<const uint32_t> rows, int64_t num_classes,
                   int64_t first_row, int32_t* out) {
  visit_int_type(labels.type, [&]<class T>(T) {
    const auto row_of = [rows](int64_t i) { return int64_t{rows[static_cast<size_t>(i)]}; };
    decode<T>(labels, static_cast<int64_t>(rows.size()), row_of, num_classes, first_row, out);
  });
}

}  // namespace labelsieve
#endif  // HWY_ONCE
