// One number from memory of any alignment and byte order.
#pragma once

#include <cstddef>
#include <cstring>
#include <utility>

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

}  // namespace labelsieve
