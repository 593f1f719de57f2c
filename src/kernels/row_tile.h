// Gives kernels their rows: in place where the matrix allows it, else through a small tile.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/rows.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

/// Scratch memory of one worker for rows of type T. The rows returned by load() stay valid until
/// the next call.
template <class T>
class RowTile {
 public:
  /// Rows [first, first + count).
  Rows<T> load(const MatrixView& matrix, int64_t first, int64_t count);

  /// The rows at `indices`, in that order.
  Rows<T> load(const MatrixView& matrix, std::span<const uint32_t> indices);

  /// Whether load() reads in place.
  static bool in_place(const MatrixView& matrix);

 private:
  std::vector<T> tile_;
};

extern template class RowTile<float16>;
extern template class RowTile<float>;
extern template class RowTile<double>;

}  // namespace labelsieve
