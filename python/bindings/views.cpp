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

[[noreturn]] void refuse(const std::string& message) {
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

Matrix::Matrix(nanobind::handle array) : buffer_(array) {
  const Py_buffer& buffer = buffer_.get();
  if (buffer.ndim != 2) {
    refuse("pred_probs array must have shape: num_examples x num_classes; it has " +
           dimensions(buffer.ndim));
  }
  const Format format = format_of(buffer);
  const auto type = float_type(format.letter);
  if (!type) refuse("pred_probs must be float16, float32 or float64");
  view_.data = buffer.buf;
  view_.type = *type;
  view_.rows = buffer.shape[0];
  view_.columns = buffer.shape[1];
  view_.row_stride = buffer.strides[0];
  view_.column_stride = buffer.strides[1];
  view_.byte_swapped = format.byte_swapped;
}

Integers::Integers(nanobind::handle array, int dims) : buffer_(array) {
  const Py_buffer& buffer = buffer_.get();
  if (buffer.ndim != dims) {
    refuse("labels must have " + dimensions(dims) + ", not " + std::to_string(buffer.ndim));
  }
  const Format format = format_of(buffer);
  const auto type = int_type(format.letter, buffer.itemsize);
  if (!type) refuse("labels must be integers");
  view_.data = buffer.buf;
  view_.type = *type;
  view_.size = buffer.shape[dims - 1];
  view_.stride = buffer.strides[dims - 1];
  view_.byte_swapped = format.byte_swapped;
}

std::span<const double> contiguous_doubles(const Buffer& buffer) {
  const Py_buffer& memory = buffer.get();
  const Format format = format_of(memory);
  if (format.letter != 'd' || format.byte_swapped || !PyBuffer_IsContiguous(&memory, 'C')) {
    refuse("expected a row-major array of float64");
  }
  return {static_cast<const double*>(memory.buf), static_cast<size_t>(memory.len) / sizeof(double)};
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
    refuse("expected a row-major array of int64");
  }
  const auto* values = static_cast<const int64_t*>(memory.buf);
  return {values, values + memory.len / memory.itemsize};
}

SparseMatrix<double> square_matrix(nanobind::handle array) {
  const Buffer buffer(array);
  const Py_buffer& memory = buffer.get();
  if (memory.ndim != 2 || memory.shape[0] != memory.shape[1]) {
    refuse("a matrix with as many rows as columns is needed: one for each class");
  }
  return SparseMatrix<double>::from_dense(contiguous_doubles(buffer), memory.shape[0]);
}

}  // namespace labelsieve::python
