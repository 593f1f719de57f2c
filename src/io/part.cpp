#include "io/part.h"

#include <new>

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
  std::shared_ptr<double[]> elements;
  try {
    elements = std::make_shared_for_overwrite<double[]>(static_cast<size_t>(rows * columns));
  } catch (const std::bad_alloc&) {
    throw Error(ErrorCode::kIo, "a matrix of " + std::to_string(rows) + " rows and " +
                                    std::to_string(columns) + " columns does not fit into memory");
  }
  Probabilities matrix;
  matrix.view = MatrixView(elements.get(), rows, columns);
  matrix.writable = elements.get();
  matrix.owner = std::move(elements);
  return matrix;
}

}  // namespace labelsieve::io
