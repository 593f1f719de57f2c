// The dictionary in front of a .npy file's data: a literal of the Python language.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace labelsieve::io {

struct NpyHeader {
  std::string descr;
  bool fortran_order = false;
  std::vector<int64_t> shape;
};

/// Parses `{'descr': '<f8', 'fortran_order': False, 'shape': (3, 4), }`, the keys in any order.
/// Throws Error{kInvalidData} when it is something else.
NpyHeader parse_npy_header(std::string_view text, const std::string& file);

}  // namespace labelsieve::io
