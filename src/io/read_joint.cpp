#include <cmath>

#include "io/element.h"
#include "io/message.h"
#include "io/npy.h"
#include "labelsieve/error.h"
#include "labelsieve/read.h"

namespace labelsieve {
namespace {

/// Calls work(T{}) with the type of the elements.
template <class Work>
void with_number_type(const io::NpyArray& array, Work&& work) {
  if (io::is_float_array(array)) {
    io::with_float_type(io::float_type_of(array), work);
  } else {
    io::with_int_type(io::int_type_of(array), work);
  }
}

template <class T>
double as_double(T value) {
  if constexpr (std::is_integral_v<T>) {
    return static_cast<double>(value);
  } else {
    return io::widened(value);
  }
}

/// The rows of a K×K array without their zeros.
template <class T>
SparseMatrix<double> sparse_from(const io::NpyArray& array, const std::string& file) {
  const int64_t size = array.shape[0];
  SparseMatrix<double> joint;
  joint.size = size;
  joint.row_offsets.push_back(0);
  for (int64_t row = 0; row < size; ++row) {
    for (int64_t column = 0; column < size; ++column) {
      const int64_t at = array.fortran_order ? column * size + row : row * size + column;
      const double value =
          as_double(io::load_element<T>(array.data + at * array.item_size, array.byte_swapped));
      if (!(value >= 0) || std::isinf(value)) {
        throw Error(ErrorCode::kInvalidData,
                    "a joint holds counts or probabilities, but this is " + std::to_string(value),
                    {.file = file, .row = row, .column = std::to_string(column)});
      }
      if (value != 0) joint.append(column, value);
    }
    joint.finish_row();
  }
  return joint;
}

}  // namespace

SparseMatrix<double> read_joint(const std::string& file, int64_t num_classes) {
  const io::FileBytes bytes = io::open_file(file, io::Access::kOnce);
  const io::NpyArray array = io::parse_npy(bytes, file);
  const bool square = array.shape == std::vector<int64_t>{num_classes, num_classes};
  if (!square || (!io::is_float_array(array) && !io::is_int_array(array))) {
    const std::string k = std::to_string(num_classes);
    throw Error(ErrorCode::kInvalidData,
                "the joint must hold numbers and have the shape (" + k + ", " + k + "), found " +
                    array.describe(),
                {.file = file});
  }
  SparseMatrix<double> joint;
  with_number_type(array, [&]<class T>(T) { joint = sparse_from<T>(array, file); });
  return joint;
}

}  // namespace labelsieve
