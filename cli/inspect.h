// What inspect says of both kinds of data in the same way.
#pragma once

#include <cstdint>
#include <string_view>

#include "labelsieve/matrix.h"

namespace labelsieve::cli {

/// Its table shows no more classes.
inline constexpr int64_t kClassesInTable = 50;

/// The type's name in NumPy.
constexpr std::string_view dtype_of(FloatType type) {
  switch (type) {
    case FloatType::kFloat16: return "float16";
    case FloatType::kFloat32: return "float32";
    default: return "float64";
  }
}

}  // namespace labelsieve::cli
