#include "io/part.h"

#include <limits>
#include <new>
#include <utility>

#include "base/huge_pages.h"

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
  const bool fits = columns == 0 || rows <= std::numeric_limits<int64_t>::max() / 16 / columns;
  const size_t size = static_cast<size_t>(rows) * static_cast<size_t>(columns) * sizeof(double);
  std::shared_ptr<const HugePages> memory;
  try {
    if (fits) memory = std::make_shared<const HugePages>(size);
  } catch (const std::bad_alloc&) {
    // Told below, together with what is too large to be asked for.
  }
  if (memory == nullptr) {
    throw Error(ErrorCode::kIo, "a matrix of " + std::to_string(rows) + " rows and " +
                                    std::to_string(columns) + " columns does not fit into memory");
  }
  Probabilities matrix;
  matrix.writable = reinterpret_cast<double*>(memory->data());
  matrix.owner = std::move(memory);
  matrix.view = MatrixView(matrix.writable, rows, columns);
  return matrix;
}

}  // namespace labelsieve::io
