#include "io/probabilities.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "io/element.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

/// Rows that one piece of work covers: about a megabyte of doubles.
int64_t rows_per_piece(int64_t columns) {
  return std::clamp<int64_t>((int64_t{1} << 17) / std::max<int64_t>(columns, 1), 1, 1 << 17);
}

/// Calls work(first, count) for ranges of rows that together are all rows.
template <class Work>
void for_row_ranges(const MatrixView& view, const Execution& execution, std::string_view stage,
                    Work&& work) {
  const int64_t step = rows_per_piece(view.columns);
  const int64_t pieces = (view.rows + step - 1) / step;
  parallel_for(pieces, execution, {.name = stage, .total = view.rows, .rows_per_piece = step},
               [&](int64_t piece, int) {
                 const int64_t first = piece * step;
                 work(first, std::min(step, view.rows - first));
               });
}

/// Widens the rows [first, first + count) into row-major doubles.
void copy_rows(const MatrixView& view, int64_t first, int64_t count, double* out) {
  const auto* base = static_cast<const std::byte*>(view.data) + first * view.row_stride;
  // The outer loop goes over the longer stride, so that memory is read front to back.
  const bool by_column = std::abs(view.column_stride) > std::abs(view.row_stride);
  with_float_type(view.type, [&]<class T>(T) {
    const auto copy = [&](int64_t row, int64_t column) {
      const std::byte* element = base + row * view.row_stride + column * view.column_stride;
      out[row * view.columns + column] = widened(load_element<T>(element, view.byte_swapped));
    };
    if (by_column) {
      for (int64_t column = 0; column < view.columns; ++column) {
        for (int64_t row = 0; row < count; ++row) copy(row, column);
      }
    } else {
      for (int64_t row = 0; row < count; ++row) {
        for (int64_t column = 0; column < view.columns; ++column) copy(row, column);
      }
    }
  });
}

/// Softmax in place, the largest logit subtracted first; false where the result is not finite.
bool softmax(double* row, int64_t columns) {
  double largest = row[0];
  for (int64_t j = 0; j < columns; ++j) {
    if (std::isnan(row[j])) return false;
    largest = std::max(largest, row[j]);
  }
  // -infinity is a class that a model rules out; +infinity, or nothing else, has no softmax.
  if (!std::isfinite(largest)) return false;
  double sum = 0;
  for (int64_t j = 0; j < columns; ++j) {
    row[j] = std::exp(row[j] - largest);
    sum += row[j];
  }
  for (int64_t j = 0; j < columns; ++j) row[j] /= sum;
  return true;
}

double sigmoid(double x) {
  return x >= 0 ? 1 / (1 + std::exp(-x)) : std::exp(x) / (1 + std::exp(x));
}

[[noreturn]] void refuse(const Part& part, int64_t row, double value, bool logit) {
  const std::string number = std::to_string(value);
  if (logit) {
    throw Error(ErrorCode::kInvalidData,
                "the logits have no softmax, for one is NaN or infinite; correct the row, or leave "
                "such rows out with --skip-invalid",
                part.location(row));
  }
  if (std::isfinite(value)) {
    throw Error(
        ErrorCode::kInvalidData,
        "the probability " + number + " is outside [0, 1]; if these are logits, use --logits",
        part.location(row));
  }
  throw Error(
      ErrorCode::kInvalidData,
      "the probability is " + number + "; correct it, or leave such rows out with --skip-invalid",
      part.location(row));
}

/// Results go to a matrix of our own: the part's, if it has one of that width, else a new one.
Probabilities target_matrix(const Part& part, int64_t columns) {
  const Probabilities& given = *part.pred_probs;
  if (given.writable != nullptr && given.view.columns == columns) return given;
  return make_matrix(given.view.rows, columns);
}

void ensure_marks(Part& part) {
  if (part.invalid.empty()) part.invalid.assign(static_cast<size_t>(part.rows), 0);
}

// Element i of the result is element order[i]; nothing where the column is absent.
template <class T>
void reorder(std::vector<T>& column, const std::vector<int64_t>& order) {
  if (column.empty()) return;
  std::vector<T> result;
  result.reserve(order.size());
  for (const int64_t row : order) result.push_back(std::move(column[static_cast<size_t>(row)]));
  column = std::move(result);
}

}  // namespace

void apply_softmax(Part& part, bool skip_invalid, const Execution& execution) {
  const MatrixView view = part.pred_probs->view;
  const bool binary = view.columns == 1;
  Probabilities result = target_matrix(part, view.columns);
  if (skip_invalid) ensure_marks(part);
  for_row_ranges(view, execution, "softmax", [&](int64_t first, int64_t count) {
    double* out = result.writable + first * view.columns;
    if (out != view.data) copy_rows(view, first, count, out);
    for (int64_t row = 0; row < count; ++row) {
      if (part.is_ignored(first + row)) continue;
      double* values = out + row * view.columns;
      const bool good = binary ? !std::isnan(values[0]) : softmax(values, view.columns);
      if (binary && good) values[0] = sigmoid(values[0]);
      if (good) continue;
      if (!skip_invalid) refuse(part, first + row, values[0], true);
      part.invalid[static_cast<size_t>(first + row)] = 1;
    }
  });
  part.pred_probs = std::move(result);
}

void apply_sigmoid(Part& part, bool skip_invalid, const Execution& execution) {
  const MatrixView view = part.pred_probs->view;
  Probabilities result = target_matrix(part, view.columns);
  if (skip_invalid) ensure_marks(part);
  for_row_ranges(view, execution, "sigmoid", [&](int64_t first, int64_t count) {
    double* out = result.writable + first * view.columns;
    if (out != view.data) copy_rows(view, first, count, out);
    for (int64_t row = first; row < first + count; ++row) {
      double* const values = result.writable + row * view.columns;
      double* const end = values + view.columns;
      const double* const bad = std::find_if(values, end, [](double x) { return std::isnan(x); });
      if (bad != end) {
        if (!skip_invalid) {
          throw Error(ErrorCode::kInvalidData,
                      "the logit is NaN; correct it, or leave such rows out with --skip-invalid",
                      part.location(row, std::to_string(bad - values)));
        }
        part.invalid[static_cast<size_t>(row)] = 1;
      }
      std::transform(values, end, values, sigmoid);
    }
  });
  part.pred_probs = std::move(result);
}

void expand_binary(Part& part, bool skip_invalid, bool unchecked, const Execution& execution) {
  const MatrixView view = part.pred_probs->view;
  Probabilities result = make_matrix(view.rows, 2);
  if (skip_invalid) ensure_marks(part);
  for_row_ranges(view, execution, "reading", [&](int64_t first, int64_t count) {
    std::vector<double> column(static_cast<size_t>(count));
    copy_rows(view, first, count, column.data());
    for (int64_t row = 0; row < count; ++row) {
      const double p = column[static_cast<size_t>(row)];
      double* out = result.writable + 2 * (first + row);
      out[0] = 1 - p;
      out[1] = p;
      if (unchecked || is_probability(p) || part.is_ignored(first + row)) continue;
      if (!skip_invalid) refuse(part, first + row, p, false);
      part.invalid[static_cast<size_t>(first + row)] = 1;
    }
  });
  part.pred_probs = std::move(result);
}

void mark_invalid_rows(Part& part, const Execution& execution) {
  const MatrixView& view = part.pred_probs->view;
  ensure_marks(part);
  for_row_ranges(view, execution, "checking", [&](int64_t first, int64_t count) {
    std::vector<double> rows(static_cast<size_t>(count * view.columns));
    copy_rows(view, first, count, rows.data());
    for (int64_t row = 0; row < count; ++row) {
      const double* values = rows.data() + row * view.columns;
      if (!std::all_of(values, values + view.columns, is_probability)) {
        part.invalid[static_cast<size_t>(first + row)] = 1;
      }
    }
  });
}

void reorder_columns(Part& part, const std::vector<int64_t>& order) {
  const MatrixView view = part.pred_probs->view;
  const auto columns = static_cast<int64_t>(order.size());
  Probabilities result = make_matrix(view.rows, columns);
  std::vector<double> row(static_cast<size_t>(view.columns));
  for (int64_t i = 0; i < view.rows; ++i) {
    copy_rows(view, i, 1, row.data());
    for (int64_t j = 0; j < columns; ++j) {
      result.writable[i * columns + j] = row[static_cast<size_t>(order[static_cast<size_t>(j)])];
    }
  }
  part.pred_probs = std::move(result);
}

void reorder_rows(Part& part, const std::vector<int64_t>& order) {
  const MatrixView view = part.pred_probs->view;
  const auto rows = static_cast<int64_t>(order.size());
  Probabilities result = make_matrix(rows, view.columns);
  for (int64_t i = 0; i < rows; ++i) {
    copy_rows(view, order[static_cast<size_t>(i)], 1, result.writable + i * view.columns);
  }
  part.pred_probs = std::move(result);
  part.labels.reset();
  if (!part.lines.empty()) part.lines = part.lines.at(order);
  reorder(part.text, order);
  reorder(part.ids, order);
  reorder(part.invalid, order);
  part.rows = rows;
}

}  // namespace labelsieve::io
