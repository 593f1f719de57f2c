#include "kernels/row_tile.h"

#include <cstddef>

#include "kernels/read_element.h"

namespace labelsieve {

template <class T>
bool RowTile<T>::in_place(const MatrixView& matrix) {
  const auto address = reinterpret_cast<uintptr_t>(matrix.data);
  return (matrix.column_stride == static_cast<int64_t>(sizeof(T)) || matrix.columns == 1) &&
         !matrix.byte_swapped && address % alignof(T) == 0 &&
         matrix.row_stride % static_cast<int64_t>(sizeof(T)) == 0;
}

template <class T>
Rows<T> RowTile<T>::load(const MatrixView& matrix, int64_t first, int64_t count) {
  if (in_place(matrix)) {
    const auto* start = static_cast<const std::byte*>(matrix.data) + first * matrix.row_stride;
    return {reinterpret_cast<const T*>(start), matrix.row_stride / static_cast<int64_t>(sizeof(T)),
            count, matrix.columns, nullptr};
  }
  tile_.resize(static_cast<size_t>(count * matrix.columns));
  const auto* start = static_cast<const std::byte*>(matrix.data) + first * matrix.row_stride;
  // Column by column: a column-major matrix is then read in order.
  for (int64_t k = 0; k < matrix.columns; ++k) {
    const std::byte* source = start + k * matrix.column_stride;
    for (int64_t i = 0; i < count; ++i, source += matrix.row_stride) {
      tile_[static_cast<size_t>(i * matrix.columns + k)] =
          read_element<T>(source, matrix.byte_swapped);
    }
  }
  return {tile_.data(), matrix.columns, count, matrix.columns, nullptr};
}

template <class T>
Rows<T> RowTile<T>::load(const MatrixView& matrix, std::span<const uint32_t> indices) {
  const auto count = static_cast<int64_t>(indices.size());
  if (in_place(matrix)) {
    return {static_cast<const T*>(matrix.data), matrix.row_stride / static_cast<int64_t>(sizeof(T)),
            count, matrix.columns, indices.data()};
  }
  tile_.resize(static_cast<size_t>(count * matrix.columns));
  for (int64_t i = 0; i < count; ++i) {
    const auto* row = static_cast<const std::byte*>(matrix.data) +
                      static_cast<int64_t>(indices[static_cast<size_t>(i)]) * matrix.row_stride;
    for (int64_t k = 0; k < matrix.columns; ++k) {
      tile_[static_cast<size_t>(i * matrix.columns + k)] =
          read_element<T>(row + k * matrix.column_stride, matrix.byte_swapped);
    }
  }
  return {tile_.data(), matrix.columns, count, matrix.columns, nullptr};
}

template class RowTile<float16>;
template class RowTile<float>;
template class RowTile<double>;

}  // namespace labelsieve
