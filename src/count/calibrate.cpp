// From raw counts to a joint that adds up to the given labels, and what follows from it.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/pairwise_sum.h"
#include "base/refuse_argument.h"
#include "count/rounding.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// Keeps an empty row or joint from dividing by zero.
constexpr double kTiny = 1e-100;

/// The stored elements of a row with their columns.
std::vector<PositionedValue> row_values(const SparseMatrix<double>& matrix, int64_t row,
                                        int64_t first_position) {
  std::vector<PositionedValue> values;
  const auto columns = matrix.row_columns(row);
  const auto elements = matrix.row_values(row);
  values.reserve(columns.size());
  for (size_t e = 0; e < columns.size(); ++e) {
    values.push_back({first_position + columns[e], elements[e]});
  }
  return values;
}

double sum_all(const SparseMatrix<double>& matrix) {
  std::vector<PositionedValue> all;
  all.reserve(matrix.values.size());
  for (int64_t row = 0; row < matrix.size; ++row) {
    const auto values = row_values(matrix, row, row * matrix.size);
    all.insert(all.end(), values.begin(), values.end());
  }
  return pairwise_sum(all, matrix.size * matrix.size);
}

}  // namespace

SparseMatrix<int64_t> calibrate_confident_joint(const SparseMatrix<double>& joint,
                                                std::span<const int64_t> label_counts) {
  if (joint.size != static_cast<int64_t>(label_counts.size())) {
    refuse_argument("the joint has " + std::to_string(joint.size) + " classes, the labels have " +
                    std::to_string(label_counts.size()));
  }
  SparseMatrix<double> scaled = joint;
  for (int64_t row = 0; row < joint.size; ++row) {
    const double row_sum = std::max(pairwise_sum(row_values(joint, row, 0), joint.size), kTiny);
    const auto count = static_cast<double>(label_counts[static_cast<size_t>(row)]);
    for (int64_t e = joint.row_offsets[row]; e < joint.row_offsets[row + 1]; ++e) {
      scaled.values[e] = scaled.values[e] / row_sum * count;
    }
  }
  const double total = std::max(sum_all(scaled), kTiny);
  const auto num_examples =
      static_cast<double>(std::accumulate(label_counts.begin(), label_counts.end(), int64_t{0}));
  for (double& value : scaled.values) value = value / total * num_examples;

  auto calibrated = scaled.mapped<int64_t>([](double) { return int64_t{0}; });
  for (int64_t row = 0; row < joint.size; ++row) {
    const auto rounded = round_preserving_total(row_values(scaled, row, 0), joint.size);
    std::copy(rounded.begin(), rounded.end(), calibrated.values.begin() + joint.row_offsets[row]);
  }
  return calibrated;
}

SparseMatrix<double> estimate_joint(const SparseMatrix<int64_t>& calibrated) {
  const auto total = static_cast<double>(
      std::accumulate(calibrated.values.begin(), calibrated.values.end(), int64_t{0}));
  return calibrated.mapped<double>(
      [total](int64_t count) { return static_cast<double>(count) / std::max(total, kTiny); });
}

int64_t num_label_issues(const SparseMatrix<double>& estimated_joint, int64_t num_examples) {
  double trace = 0;
  for (int64_t k = 0; k < estimated_joint.size; ++k) trace += estimated_joint.at(k, k);
  return static_cast<int64_t>(std::nearbyint((1.0 - trace) * static_cast<double>(num_examples)));
}

}  // namespace labelsieve
