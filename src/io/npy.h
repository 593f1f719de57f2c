// NumPy's .npy files: the header, and where the elements are.
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/file_bytes.h"
#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"

namespace labelsieve::io {

/// An array in the bytes of a file, not copied; `owner` keeps them alive.
struct NpyArray {
  char kind = 0;          ///< 'b' bool, 'i', 'u', 'f', 'c' complex, 'S' bytes, 'U' UTF-32, …
  int64_t item_size = 0;  ///< Bytes of one element.
  bool byte_swapped = false;
  bool fortran_order = false;
  std::vector<int64_t> shape;
  int64_t size = 0;  ///< Product of the shape.
  const std::byte* data = nullptr;
  std::shared_ptr<const void> owner;

  /// For people: "float32 of shape (100, 10)".
  std::string describe() const;
};

/// Reads the header (versions 1 to 3) and checks that the data is all there.
/// Throws Error{kInvalidData} for damaged, truncated, pickled or structured files.
NpyArray parse_npy(const FileBytes& file_bytes, const std::string& file);

/// The element types of a view, for arrays of kind 'f', and of kinds 'i' and 'u'.
FloatType float_type_of(const NpyArray& array);
IntType int_type_of(const NpyArray& array);

/// Whether the kind and width are ones that the views can hold.
bool is_float_array(const NpyArray& array);
bool is_int_array(const NpyArray& array);
bool is_string_array(const NpyArray& array);

/// Element `index` (in memory order) of an array of strings, as UTF-8 without trailing NULs.
/// Throws Error{kInvalidData} for a code point that does not exist.
void string_element(const NpyArray& array, int64_t index, std::string& out,
                    const std::string& file);

/// A one-dimensional array of strings or integers as text. Throws Error{kInvalidData} for others.
std::vector<std::string> to_strings(const NpyArray& array, const std::string& file);

}  // namespace labelsieve::io
