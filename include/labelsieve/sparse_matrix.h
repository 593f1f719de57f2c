// K×K matrices that are mostly zero: confident joints, noise matrices.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <vector>

namespace labelsieve {

/// Square matrix in compressed rows; the columns of a row are strictly ascending.
///
/// A confident joint of N examples never has more than N + K non-zeros, so that K may be large
/// (definitions.md §2). Stored zeros are allowed and mean the same as absent ones.
template <class T>
struct SparseMatrix {
  int64_t size = 0;                  ///< K.
  std::vector<int64_t> row_offsets;  ///< K + 1 positions into the two vectors below.
  std::vector<int32_t> columns;
  std::vector<T> values;

  std::span<const int32_t> row_columns(int64_t row) const {
    return {columns.data() + row_offsets[row], columns.data() + row_offsets[row + 1]};
  }
  std::span<const T> row_values(int64_t row) const {
    return {values.data() + row_offsets[row], values.data() + row_offsets[row + 1]};
  }

  /// Element (row, column); 0 where nothing is stored. Cost: a binary search.
  T at(int64_t row, int64_t column) const {
    const auto found = row_columns(row);
    const auto it = std::lower_bound(found.begin(), found.end(), static_cast<int32_t>(column));
    if (it == found.end() || *it != column) return T{};
    return row_values(row)[it - found.begin()];
  }

  /// Row-major K×K values. Cost: K² elements; meant for small K.
  std::vector<T> to_dense() const {
    std::vector<T> dense(static_cast<size_t>(size * size));
    for (int64_t row = 0; row < size; ++row) {
      const auto row_cols = row_columns(row);
      for (size_t e = 0; e < row_cols.size(); ++e) {
        dense[static_cast<size_t>(row * size + row_cols[e])] = row_values(row)[e];
      }
    }
    return dense;
  }

  /// The non-zero elements of row-major K×K values.
  static SparseMatrix from_dense(std::span<const T> dense, int64_t size) {
    SparseMatrix matrix;
    matrix.size = size;
    matrix.row_offsets.push_back(0);
    for (int64_t row = 0; row < size; ++row) {
      for (int64_t column = 0; column < size; ++column) {
        const T value = dense[static_cast<size_t>(row * size + column)];
        if (value != T{}) matrix.append(column, value);
      }
      matrix.finish_row();
    }
    return matrix;
  }

  /// Builds row by row: append the elements of a row in ascending columns, then finish_row().
  /// `row_offsets` must hold the leading 0.
  void append(int64_t column, T value) {
    columns.push_back(static_cast<int32_t>(column));
    values.push_back(value);
  }
  void finish_row() { row_offsets.push_back(static_cast<int64_t>(columns.size())); }

  /// Rows become columns. Cost: O(K + non-zeros).
  SparseMatrix transposed() const {
    SparseMatrix result;
    result.size = size;
    result.row_offsets.assign(static_cast<size_t>(size + 1), 0);
    result.columns.resize(columns.size());
    result.values.resize(values.size());
    for (const int32_t column : columns) ++result.row_offsets[column + 1];
    for (int64_t row = 0; row < size; ++row) {
      result.row_offsets[row + 1] += result.row_offsets[row];
    }
    std::vector<int64_t> next(result.row_offsets.begin(), result.row_offsets.end() - 1);
    for (int64_t row = 0; row < size; ++row) {
      for (int64_t e = row_offsets[row]; e < row_offsets[row + 1]; ++e) {
        const int64_t position = next[columns[e]]++;
        result.columns[position] = static_cast<int32_t>(row);
        result.values[position] = values[e];
      }
    }
    return result;
  }

  /// The same pattern with every value converted by `convert(value)`.
  template <class U, class Convert>
  SparseMatrix<U> mapped(Convert convert) const {
    SparseMatrix<U> result;
    result.size = size;
    result.row_offsets = row_offsets;
    result.columns = columns;
    result.values.reserve(values.size());
    for (const T& value : values) result.values.push_back(convert(value));
    return result;
  }

  friend bool operator==(const SparseMatrix&, const SparseMatrix&) = default;
};

}  // namespace labelsieve
