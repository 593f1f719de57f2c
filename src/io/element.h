// Elements of arrays as they lie in files: unaligned, in either byte order, of any width.
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string>
#include <type_traits>

#include "kernels/read_element.h"
#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"

namespace labelsieve::io {

/// One element of type T at any address.
template <class T>
T load_element(const std::byte* address, bool byte_swapped) {
  std::byte bytes[sizeof(T)];
  std::memcpy(bytes, address, sizeof(T));
  if (byte_swapped) std::reverse(bytes, bytes + sizeof(T));
  return std::bit_cast<T>(bytes);
}

/// The value of a binary16 number; exact.
inline double widened(float16 half) {
  const uint32_t exponent = half.bits >> 10 & 0x1F;
  const uint32_t fraction = half.bits & 0x3FF;
  const double sign = half.bits >> 15 != 0 ? -1.0 : 1.0;
  if (exponent == 0) return sign * fraction * 0x1p-24;
  if (exponent == 31) {
    const uint64_t bits = uint64_t{0x7FF} << 52 | static_cast<uint64_t>(fraction) << 42;
    return sign * std::bit_cast<double>(bits);
  }
  const uint64_t bits = (uint64_t{exponent} + 1023 - 15) << 52 | static_cast<uint64_t>(fraction)
                                                                     << 42;
  return sign * std::bit_cast<double>(bits);
}
inline double widened(float value) { return value; }
inline double widened(double value) { return value; }

/// Calls work(T{}) with the C++ type that `type` names.
template <class Work>
decltype(auto) with_float_type(FloatType type, Work&& work) {
  switch (type) {
    case FloatType::kFloat16: return work(float16{});
    case FloatType::kFloat32: return work(float{});
    default: return work(double{});
  }
}

/// Appends a code point as UTF-8; false if there is no such code point.
inline bool append_utf8(std::string& out, uint32_t code) {
  if (code > 0x10FFFF || (code >= 0xD800 && code < 0xE000)) return false;
  const auto add = [&out](uint32_t byte) { out += static_cast<char>(byte); };
  if (code < 0x80) {
    add(code);
  } else if (code < 0x800) {
    add(0xC0 | code >> 6);
    add(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    add(0xE0 | code >> 12);
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  } else {
    add(0xF0 | code >> 18);
    add(0x80 | (code >> 12 & 0x3F));
    add(0x80 | (code >> 6 & 0x3F));
    add(0x80 | (code & 0x3F));
  }
  return true;
}

}  // namespace labelsieve::io
