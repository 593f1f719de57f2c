// IEEE binary16 for the tests, by arithmetic and not by bits, so that it is obviously right.
#pragma once

#include <bit>
#include <cmath>
#include <cstdint>

#include "labelsieve/matrix.h"

namespace test_support {

/// The binary16 nearest to a number in [0, 1], ties to even.
inline labelsieve::float16 half_from(double value) {
  if (!(value > 0)) return {};
  int exponent = 0;
  std::frexp(value, &exponent);                   // value = f · 2^exponent, f in [0.5, 1)
  const int unit = std::max(exponent - 11, -24);  // the step between neighbours is 2^unit
  const auto steps = static_cast<uint32_t>(std::nearbyint(std::ldexp(value, -unit)));
  // Subnormals and the first normal binade have the step 2^-24; each further binade adds 1024.
  return {static_cast<uint16_t>(steps + 1024U * static_cast<uint32_t>(unit + 24))};
}

inline double to_double(labelsieve::float16 half) {
  const int exponent = (half.bits >> 10) & 0x1F;
  const int mantissa = half.bits & 0x3FF;
  if (exponent == 0) return std::ldexp(mantissa, -24);
  return std::ldexp(1024 + mantissa, exponent - 25);
}

}  // namespace test_support
