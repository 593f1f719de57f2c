// Views of arrays of Python, through the buffer protocol: no copy, any strides, read-only or not.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"
#include "labelsieve/sparse_matrix.h"

namespace labelsieve::python {

/// The memory of an object that has the buffer protocol. Keeps it alive and in place as long as it
/// lives; made and destroyed with the interpreter's lock held.
class Buffer {
 public:
  /// Throws nanobind::python_error where `object` has no buffer.
  explicit Buffer(nanobind::handle object);
  Buffer(Buffer&& other) noexcept;
  Buffer(const Buffer&) = delete;
  Buffer& operator=(const Buffer&) = delete;
  Buffer& operator=(Buffer&&) = delete;
  ~Buffer();

  const Py_buffer& get() const { return buffer_; }

 private:
  Py_buffer buffer_{};
};

/// Floats in the last two dimensions of a buffer, or in the last as a column; further dimensions
/// are left out. Nothing for elements of another type or too few dimensions.
std::optional<MatrixView> floats_of(const Buffer& buffer, bool as_column = false);

/// Integers in the last dimension of a buffer; bool counts as uint8. Nothing for other elements.
std::optional<LabelsView> integers_of(const Buffer& buffer);

/// Probabilities of two dimensions, float16, float32 or float64 in either byte order.
class Matrix {
 public:
  /// Throws Error{kInvalidArgument} for another element type or number of dimensions.
  explicit Matrix(nanobind::handle array);

  const MatrixView& view() const { return view_; }

 private:
  Buffer buffer_;
  MatrixView view_;
};

/// Integers of one dimension, or of two for the 0/1 matrix of multi-label data; bool counts as
/// uint8.
class Integers {
 public:
  explicit Integers(nanobind::handle array, int dimensions = 1);

  /// The elements, or the first row where there are two dimensions.
  const LabelsView& view() const { return view_; }
  int64_t rows() const { return buffer_.get().shape[0]; }
  int64_t row_stride() const { return buffer_.get().strides[0]; }

 private:
  Buffer buffer_;
  LabelsView view_;
};

/// The elements of a contiguous buffer of native float64, in place.
std::span<const double> contiguous_doubles(const Buffer& buffer);

/// The elements of a contiguous buffer of bool or bytes, in place.
std::span<const uint8_t> bytes_of(const Buffer& buffer);

/// Numbers of any shape in row-major order, copied: what is small, as thresholds and joints.
std::vector<double> doubles(nanobind::handle array);

/// The same for integers.
std::vector<int64_t> integers(nanobind::handle array);

/// A matrix of K×K float64, as joints and noise matrices are.
SparseMatrix<double> square_matrix(nanobind::handle array);

}  // namespace labelsieve::python
