#include "views.h"

#include <bit>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <utility>

#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

[[noreturn]] void refuse_array(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

/// The element type of a buffer: a letter of the struct module, and the byte order.
struct Format {
  char letter = 'B';
  bool byte_swapped = false;
};

Format format_of(const Py_buffer& buffer) {
  Format format;
  const char* text = buffer.format;
  if (text == nullptr) return format;
  constexpr bool kLittle = std::endian::native == std::endian::little;
  if (*text == '<' || *text == '>' || *text == '!') {
    format.byte_swapped = (*text == '<') != kLittle && buffer.itemsize > 1;
    ++text;
  } else if (*text == '=' || *text == '@') {
    ++text;
  }
  format.letter = std::strlen(text) == 1 ? *text : '?' + 1;
  return format;
}

std::optional<FloatType> float_type(char letter) {
  switch (letter) {
    case 'e': return FloatType::kFloat16;
    case 'f': return FloatType::kFloat32;
    case 'd': return FloatType::kFloat64;
    default: return std::nullopt;
  }
}

/// By size, for the letters of C's integers mean different widths on different machines.
std::optional<IntType> int_type(char letter, Py_ssize_t size) {
  const bool is_signed = letter >= 'a' && letter <= 'z';
  if (std::strchr("bhilqnBHILQN?", letter) == nullptr) return std::nullopt;
  if (letter == '?') return IntType::kUInt8;
  switch (size) {
    case 1: return is_signed ? IntType::kInt8 : IntType::kUInt8;
    case 2: return is_signed ? IntType::kInt16 : IntType::kUInt16;
    case 4: return is_signed ? IntType::kInt32 : IntType::kUInt32;
    case 8: return is_signed ? IntType::kInt64 : IntType::kUInt64;
    default: return std::nullopt;
  }
}

std::string dimensions(int count) {
  return std::to_string(count) + (count == 1 ? " dimension" : " dimensions");
}

}  // namespace

Buffer::Buffer(nanobind::handle object) {
  if (PyObject_GetBuffer(object.ptr(), &buffer_, PyBUF_RECORDS_RO) != 0) {
    throw nanobind::python_error();
  }
}

Buffer::Buffer(Buffer&& other) noexcept : buffer_(std::exchange(other.buffer_, Py_buffer{})) {}

Buffer::~Buffer() {
  if (buffer_.obj != nullptr) PyBuffer_Release(&buffer_);
}

std::optional<MatrixView> floats_of(const Buffer& source, bool as_column) {
  const Py_buffer& buffer = source.get();
  const int last = buffer.ndim - 1;
  if (last < (as_column ? 0 : 1)) return std::nullopt;
  const Format format = format_of(buffer);
  const auto type = float_type(format.letter);
  if (!type) return std::nullopt;
  MatrixView view;
  view.data = buffer.buf;
  view.type = *type;
  view.byte_swapped = format.byte_swapped;
  const int rows = as_column ? last : last - 1;
  view.rows = buffer.shape[rows];
  view.row_stride = buffer.strides[rows];
  view.columns = as_column ? 1 : buffer.shape[last];
  view.column_stride = as_column ? buffer.itemsize : buffer.strides[last];
  return view;
}

std::optional<LabelsView> integers_of(const Buffer& source) {
  const Py_buffer& buffer = source.get();
  if (buffer.ndim < 1) return std::nullopt;
  const Format format = format_of(buffer);
  const auto type = int_type(format.letter, buffer.itemsize);
  if (!type) return std::nullopt;
  LabelsView view;
  view.data = buffer.buf;
  view.type = *type;
  view.size = buffer.shape[buffer.ndim - 1];
  view.stride = buffer.strides[buffer.ndim - 1];
  view.byte_swapped = format.byte_swapped;
  return view;
}

Matrix::Matrix(nanobind::handle array) : buffer_(array) {
  const int dims = buffer_.get().ndim;
  if (dims != 2) {
    refuse_array("pred_probs array must have shape: num_examples x num_classes; it has " +
                 dimensions(dims));
  }
  const auto view = floats_of(buffer_);
  if (!view) refuse_array("pred_probs must be float16, float32 or float64");
  view_ = *view;
}

Integers::Integers(nanobind::handle array, int dims) : buffer_(array) {
  const int given = buffer_.get().ndim;
  if (given != dims) {
    refuse_array("labels must have " + dimensions(dims) + ", not " + std::to_string(given));
  }
  const auto view = integers_of(buffer_);
  if (!view) refuse_array("labels must be integers");
  view_ = *view;
}

std::span<const double> contiguous_doubles(const Buffer& buffer) {
  const Py_buffer& memory = buffer.get();
  const Format format = format_of(memory);
  if (format.letter != 'd' || format.byte_swapped || !PyBuffer_IsContiguous(&memory, 'C')) {
    refuse_array("expected a row-major array of float64");
  }
  return {static_cast<const double*>(memory.buf), static_cast<size_t>(memory.len) / sizeof(double)};
}

std::span<const uint8_t> bytes_of(const Buffer& buffer) {
  const Py_buffer& memory = buffer.get();
  if (memory.itemsize != 1 || !PyBuffer_IsContiguous(&memory, 'C')) {
    refuse_array("a mask must be a row-major array of bool");
  }
  return {static_cast<const uint8_t*>(memory.buf), static_cast<size_t>(memory.len)};
}

std::vector<double> doubles(nanobind::handle array) {
  const Buffer buffer(array);
  const std::span<const double> values = contiguous_doubles(buffer);
  return {values.begin(), values.end()};
}

std::vector<int64_t> integers(nanobind::handle array) {
  const Buffer buffer(array);
  const Py_buffer& memory = buffer.get();
  const Format format = format_of(memory);
  if (int_type(format.letter, memory.itemsize) != IntType::kInt64 || format.byte_swapped ||
      !PyBuffer_IsContiguous(&memory, 'C')) {
    refuse_array("expected a row-major array of int64");
  }
  const auto* values = static_cast<const int64_t*>(memory.buf);
  return {values, values + memory.len / memory.itemsize};
}

SparseMatrix<double> square_matrix(nanobind::handle array) {
  const Buffer buffer(array);
  const Py_buffer& memory = buffer.get();
  if (memory.ndim != 2 || memory.shape[0] != memory.shape[1]) {
    refuse_array("a matrix with as many rows as columns is needed: one for each class");
  }
  return SparseMatrix<double>::from_dense(contiguous_doubles(buffer), memory.shape[0]);
}

}  // namespace labelsieve::python
