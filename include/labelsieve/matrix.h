// A view of predicted probabilities: any float width, any strides, no copy.
#pragma once

#include <cstddef>
#include <cstdint>

namespace labelsieve {

/// Storage of an IEEE binary16 number. Arithmetic happens after widening, in the kernels.
struct float16 {
  uint16_t bits = 0;
};

enum class FloatType : uint8_t { kFloat16, kFloat32, kFloat64 };

/// Bytes of one element.
constexpr int64_t size_of(FloatType type) {
  return type == FloatType::kFloat16 ? 2 : type == FloatType::kFloat32 ? 4 : 8;
}

namespace detail {
template <class T>
struct FloatTypeOf;
template <>
struct FloatTypeOf<float16> {
  static constexpr FloatType value = FloatType::kFloat16;
};
template <>
struct FloatTypeOf<float> {
  static constexpr FloatType value = FloatType::kFloat32;
};
template <>
struct FloatTypeOf<double> {
  static constexpr FloatType value = FloatType::kFloat64;
};
}  // namespace detail

/// Probabilities of shape (rows, columns) = (examples N, classes K), borrowed.
///
/// The caller keeps the memory alive and unchanged while the view is in use. Strides are in bytes
/// and may be of any sign; elements may be unaligned or byte-swapped. Rows whose elements are
/// contiguous, aligned and in native byte order are read in place; others pass through a tile of
/// a few kilobytes, never through a copy of the matrix.
struct MatrixView {
  const void* data = nullptr;
  FloatType type = FloatType::kFloat32;
  int64_t rows = 0;
  int64_t columns = 0;
  int64_t row_stride = 0;     ///< Bytes from one row to the next.
  int64_t column_stride = 0;  ///< Bytes from one column to the next.
  bool byte_swapped = false;  ///< Elements are in the other byte order than this machine's.

  MatrixView() = default;

  /// Row-major matrix; `leading` is the distance between rows in elements (columns if 0).
  template <class T>
  MatrixView(const T* elements, int64_t num_rows, int64_t num_columns, int64_t leading = 0)
      : data(elements),
        type(detail::FloatTypeOf<T>::value),
        rows(num_rows),
        columns(num_columns),
        row_stride((leading != 0 ? leading : num_columns) * static_cast<int64_t>(sizeof(T))),
        column_stride(static_cast<int64_t>(sizeof(T))) {}

  /// Column-major ("Fortran order") matrix.
  template <class T>
  static MatrixView column_major(const T* elements, int64_t num_rows, int64_t num_columns) {
    MatrixView view(elements, num_rows, num_columns);
    view.row_stride = static_cast<int64_t>(sizeof(T));
    view.column_stride = num_rows * static_cast<int64_t>(sizeof(T));
    return view;
  }

  /// The rows [first, first + count).
  MatrixView slice(int64_t first, int64_t count) const {
    MatrixView part = *this;
    part.data = static_cast<const std::byte*>(data) + first * row_stride;
    part.rows = count;
    return part;
  }
};

}  // namespace labelsieve
