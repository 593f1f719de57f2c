// One number from memory of any type, alignment and byte order.
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <utility>

#include "labelsieve/labels.h"

namespace labelsieve {

template <class T>
T read_element(const std::byte* source, bool byte_swapped) {
  std::byte bytes[sizeof(T)];
  std::memcpy(bytes, source, sizeof(T));
  if (byte_swapped) {
    for (size_t b = 0; b < sizeof(T) / 2; ++b) std::swap(bytes[b], bytes[sizeof(T) - 1 - b]);
  }
  T value;
  std::memcpy(&value, bytes, sizeof(T));
  return value;
}

/// Calls f(T{}) with the integer type.
template <class F>
decltype(auto) visit_int_type(IntType type, const F& f) {
  switch (type) {
    case IntType::kInt8: return f(int8_t{});
    case IntType::kInt16: return f(int16_t{});
    case IntType::kInt32: return f(int32_t{});
    case IntType::kInt64: return f(int64_t{});
    case IntType::kUInt8: return f(uint8_t{});
    case IntType::kUInt16: return f(uint16_t{});
    case IntType::kUInt32: return f(uint32_t{});
    default: return f(uint64_t{});
  }
}

}  // namespace labelsieve
