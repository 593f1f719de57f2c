// A view of given labels: any integer width, no copy.
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <type_traits>

namespace labelsieve {

enum class IntType : uint8_t { kInt8, kInt16, kInt32, kInt64, kUInt8, kUInt16, kUInt32, kUInt64 };

/// Bytes of one element.
constexpr int64_t size_of(IntType type) {
  switch (type) {
    case IntType::kInt8:
    case IntType::kUInt8: return 1;
    case IntType::kInt16:
    case IntType::kUInt16: return 2;
    case IntType::kInt32:
    case IntType::kUInt32: return 4;
    default: return 8;
  }
}

namespace detail {
template <class T>
constexpr IntType int_type_of() {
  static_assert(std::is_integral_v<T> && !std::is_same_v<T, bool>, "labels are integers");
  constexpr bool is_signed = std::is_signed_v<T>;
  switch (sizeof(T)) {
    case 1: return is_signed ? IntType::kInt8 : IntType::kUInt8;
    case 2: return is_signed ? IntType::kInt16 : IntType::kUInt16;
    case 4: return is_signed ? IntType::kInt32 : IntType::kUInt32;
    default: return is_signed ? IntType::kInt64 : IntType::kUInt64;
  }
}
}  // namespace detail

/// Given labels, one per example, each in 0..K-1; borrowed, like MatrixView.
struct LabelsView {
  const void* data = nullptr;
  IntType type = IntType::kInt64;
  int64_t size = 0;
  int64_t stride = 0;         ///< Bytes from one label to the next.
  bool byte_swapped = false;  ///< Elements are in the other byte order than this machine's.

  /// Examples with this label keep their index and are left out of everything else: they are not
  /// counted, never flagged, their probabilities are not looked at, their score is NaN.
  /// Without it every label outside 0..K-1 is an error.
  std::optional<int64_t> ignore_label;

  LabelsView() = default;

  template <class T>
  LabelsView(const T* elements, int64_t count)
      : data(elements), type(detail::int_type_of<T>()), size(count), stride(sizeof(T)) {}

  template <class T>
  explicit LabelsView(std::span<const T> labels)
      : LabelsView(labels.data(), static_cast<int64_t>(labels.size())) {}

  /// The labels [first, first + count).
  LabelsView slice(int64_t first, int64_t count) const {
    LabelsView part = *this;
    part.data = static_cast<const std::byte*>(data) + first * stride;
    part.size = count;
    return part;
  }
};

}  // namespace labelsieve
