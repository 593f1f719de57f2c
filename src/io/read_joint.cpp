#include <cmath>

#include "io/element.h"
#include "io/message.h"
#include "io/npy.h"
#include "labelsieve/error.h"
#include "labelsieve/read.h"
#include "labelsieve/read_multilabel.h"

namespace labelsieve {
namespace {

/// Calls work(T{}) with the type of the elements.
template <class Work>
void with_number_type(const io::NpyArray& array, Work&& work) {
  if (io::is_float_array(array)) {
    io::with_float_type(io::float_type_of(array), work);
  } else {
    visit_int_type(io::int_type_of(array), work);
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

/// Element `at` in memory. Throws for what no joint holds; `row` and `column` say where it is.
template <class T>
double joint_element(const io::NpyArray& array, int64_t at, const std::string& file, int64_t row,
                     const std::string& column) {
  const double value =
      as_double(io::load_element<T>(array.data + at * array.item_size, array.byte_swapped));
  if (value >= 0 && !std::isinf(value)) return value;
  throw Error(ErrorCode::kInvalidData,
              "a joint holds counts or probabilities, but this is " + std::to_string(value),
              {.file = file, .row = row, .column = column});
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
      const double value = joint_element<T>(array, at, file, row, std::to_string(column));
      if (value != 0) joint.append(column, value);
    }
    joint.finish_row();
  }
  return joint;
}

/// An array of numbers of this shape. Throws Error{kInvalidData} for any other.
io::NpyArray open_joint(const std::string& file, const std::vector<int64_t>& shape) {
  io::NpyArray array = io::parse_npy(io::open_file(file), file);
  if (array.shape == shape && (io::is_float_array(array) || io::is_int_array(array))) return array;
  std::string wanted;
  for (const int64_t size : shape) wanted += (wanted.empty() ? "" : ", ") + std::to_string(size);
  throw Error(
      ErrorCode::kInvalidData,
      "the joint must hold numbers and have the shape (" + wanted + "), found " + array.describe(),
      {.file = file});
}

}  // namespace

std::vector<BinaryMatrix<double>> read_multilabel_joint(const std::string& file,
                                                        int64_t num_classes) {
  const io::NpyArray array = open_joint(file, {num_classes, 2, 2});
  std::vector<BinaryMatrix<double>> joint(static_cast<size_t>(num_classes));
  with_number_type(array, [&]<class T>(T) {
    for (int64_t k = 0; k < num_classes; ++k) {
      for (int64_t given = 0; given < 2; ++given) {
        for (int64_t truth = 0; truth < 2; ++truth) {
          const int64_t at = array.fortran_order ? (truth * 2 + given) * num_classes + k
                                                 : (k * 2 + given) * 2 + truth;
          joint[static_cast<size_t>(k)][static_cast<size_t>(given)][static_cast<size_t>(truth)] =
              joint_element<T>(array, at, file, k,
                               std::to_string(given) + "," + std::to_string(truth));
        }
      }
    }
  });
  return joint;
}

SparseMatrix<double> read_joint(const std::string& file, int64_t num_classes) {
  const io::NpyArray array = open_joint(file, {num_classes, num_classes});
  SparseMatrix<double> joint;
  with_number_type(array, [&]<class T>(T) { joint = sparse_from<T>(array, file); });
  return joint;
}

}  // namespace labelsieve
