// Rows of probabilities as the kernels see them: contiguous, aligned, native elements.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>

#include "labelsieve/matrix.h"

namespace labelsieve {

/// `count` rows of `columns` elements. Row i starts at data + stride · (indices ? indices[i] : i).
template <class T>
struct Rows {
  const T* data = nullptr;
  int64_t stride = 0;  // in elements
  int64_t count = 0;
  int64_t columns = 0;
  const uint32_t* indices = nullptr;

  const T* row(int64_t i) const {
    return data + stride * (indices != nullptr ? static_cast<int64_t>(indices[i]) : i);
  }

  /// The rows from `first` on, at most so many.
  Rows part(int64_t first, int64_t most) const {
    Rows some = *this;
    some.count = std::min(most, count - first);
    if (indices != nullptr) {
      some.indices += first;
    } else {
      some.data += first * stride;
    }
    return some;
  }
};

/// The type that elements are compared and subtracted in: half precision is widened to float,
/// which holds every difference of two probabilities exactly.
template <class T>
using Wide = std::conditional_t<std::is_same_v<T, double>, double, float>;

/// Calls f(std::type_identity<T>{}) with the element type: the one place where dtypes are switched.
template <class F>
decltype(auto) visit_float_type(FloatType type, F&& f) {
  switch (type) {
    case FloatType::kFloat16: return f(std::type_identity<float16>{});
    case FloatType::kFloat32: return f(std::type_identity<float>{});
    default: return f(std::type_identity<double>{});
  }
}

/// One element, widened. Half precision without an instruction for it: exponent and mantissa move
/// to their places in a float, and a multiplication by 2^112 re-biases, subnormals included.
inline float widen(float16 half) {
  const uint32_t sign = static_cast<uint32_t>(half.bits & 0x8000u) << 16;
  const uint32_t rest = static_cast<uint32_t>(half.bits & 0x7fffu) << 13;
  float value;
  if ((half.bits & 0x7c00u) == 0x7c00u) {  // infinity or NaN
    value = __builtin_bit_cast(float, rest | 0x7f800000u);
  } else {
    value = __builtin_bit_cast(float, rest) * 0x1p112f;
  }
  return __builtin_bit_cast(float, __builtin_bit_cast(uint32_t, value) | sign);
}
inline float widen(float value) { return value; }
inline double widen(double value) { return value; }

}  // namespace labelsieve
