#include "io/part.h"

#include <sys/mman.h>

#include <algorithm>
#include <cstdlib>
#include <limits>

namespace labelsieve::io {

ErrorLocation Part::location(int64_t row, std::string column) const {
  ErrorLocation where{.file = file, .column = std::move(column)};
  if (row >= 0 && row < static_cast<int64_t>(lines.size())) {
    where.line = lines[static_cast<size_t>(row)];
  } else {
    where.row = row;
  }
  return where;
}

void Part::mark_invalid(int64_t row) {
  if (invalid.empty()) invalid.assign(static_cast<size_t>(rows), 0);
  invalid[static_cast<size_t>(row)] = 1;
}

Probabilities make_matrix(int64_t rows, int64_t columns) {
  // Large pages: filling a matrix of small ones would spend much of its time on page faults.
  constexpr size_t kPageBytes = size_t{1} << 21;
  const size_t size = static_cast<size_t>(rows) * static_cast<size_t>(columns) * sizeof(double);
  const bool large = size >= 2 * kPageBytes;
  const bool fits = columns == 0 || rows <= std::numeric_limits<int64_t>::max() / 16 / columns;
  void* memory = nullptr;
  if (fits) {
    memory = large ? std::aligned_alloc(kPageBytes, (size + kPageBytes - 1) & ~(kPageBytes - 1))
                   : std::malloc(std::max<size_t>(size, 1));
  }
  if (memory == nullptr) {
    throw Error(ErrorCode::kIo, "a matrix of " + std::to_string(rows) + " rows and " +
                                    std::to_string(columns) + " columns does not fit into memory");
  }
  if (large) (void)::madvise(memory, size, MADV_HUGEPAGE);  // advice only
  Probabilities matrix;
  matrix.owner = std::shared_ptr<const void>(memory, [](void* pages) { std::free(pages); });
  matrix.writable = static_cast<double*>(memory);
  matrix.view = MatrixView(matrix.writable, rows, columns);
  return matrix;
}

}  // namespace labelsieve::io
