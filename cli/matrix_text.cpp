#include "matrix_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <string>
#include <string_view>

#include "rows.h"

namespace labelsieve::cli {
namespace {

void append_value(std::string& out, double value) { append_json_number(out, value); }
void append_value(std::string& out, int64_t value) {
  fmt::format_to(std::back_inserter(out), "{}", value);
}

/// One row with its zeros: no K×K array is ever held.
template <class T>
void append_dense_row(std::string& out, const SparseMatrix<T>& matrix, int64_t row) {
  const auto columns = matrix.row_columns(row);
  const auto values = matrix.row_values(row);
  size_t next = 0;
  for (int64_t column = 0; column < matrix.size; ++column) {
    if (column > 0) out += ',';
    const bool stored = next < columns.size() && columns[next] == column;
    append_value(out, stored ? values[next] : T{});
    next += stored ? 1 : 0;
  }
}

template <class T>
void write_dense(std::string_view key, const SparseMatrix<T>& matrix, Output& output) {
  output.write(fmt::format(",\n\"{}\":[", key));
  std::string line;
  for (int64_t row = 0; row < matrix.size; ++row) {
    line = row > 0 ? ",\n[" : "\n[";
    append_dense_row(line, matrix, row);
    line += ']';
    output.write(line);
  }
  output.write("]");
}

/// `matrix` has rows given and columns true.
template <class T>
void write_triplets(std::string_view key, const SparseMatrix<T>& matrix, Output& output) {
  output.write(fmt::format(",\n\"{}\":[", key));
  std::string line;
  bool any = false;
  for (int64_t row = 0; row < matrix.size; ++row) {
    const auto columns = matrix.row_columns(row);
    for (size_t e = 0; e < columns.size(); ++e) {
      if (matrix.row_values(row)[e] == T{}) continue;
      line = fmt::format("{}[{},{},", any ? ",\n" : "\n", row, columns[e]);
      append_value(line, matrix.row_values(row)[e]);
      line += ']';
      output.write(line);
      any = true;
    }
  }
  output.write("]");
}

template <class T>
void write_matrix(std::string_view key, const SparseMatrix<T>& matrix, Output& output) {
  if (matrix.size <= kLargestDenseMatrix) {
    write_dense(key, matrix, output);
  } else {
    write_triplets(key, matrix, output);
  }
}

void write_list(std::string_view key, const std::vector<double>& values,
                const std::vector<int64_t>* counts, Output& output) {
  std::string line = fmt::format(",\n\"{}\":[", key);
  for (size_t k = 0; k < values.size(); ++k) {
    if (k > 0) line += ',';
    if (counts != nullptr && (*counts)[k] == 0) {
      line += "null";
    } else {
      append_json_number(line, values[k]);
    }
  }
  output.write(line + "]");
}

}  // namespace

std::vector<JointEntry> joint_entries(const JointEstimates& estimates) {
  const SparseMatrix<double> inverse = estimates.latent.inverse_noise_matrix.transposed();
  std::vector<JointEntry> entries;
  std::vector<int32_t> columns;
  for (int64_t given = 0; given < estimates.estimated_joint.size; ++given) {
    columns.clear();
    const auto collect = [&](const auto& matrix) {
      const auto stored = matrix.row_columns(given);
      columns.insert(columns.end(), stored.begin(), stored.end());
    };
    collect(estimates.joint.counts);
    collect(estimates.joint.calibrated);
    collect(estimates.latent.noise_matrix);
    collect(inverse);
    std::sort(columns.begin(), columns.end());
    columns.erase(std::unique(columns.begin(), columns.end()), columns.end());
    for (const int32_t truth : columns) {
      entries.push_back({given, truth, estimates.joint.counts.at(given, truth),
                         estimates.joint.calibrated.at(given, truth),
                         estimates.estimated_joint.at(given, truth),
                         estimates.latent.noise_matrix.at(given, truth), inverse.at(given, truth)});
    }
  }
  return entries;
}

void write_json_estimates(const JointEstimates& estimates, Output& output) {
  write_list("thresholds", estimates.joint.thresholds, &estimates.joint.label_counts, output);
  write_list("prior", estimates.latent.prior, nullptr, output);
  write_matrix("confident_joint", estimates.joint.counts, output);
  write_matrix("calibrated_confident_joint", estimates.joint.calibrated, output);
  write_matrix("estimated_joint", estimates.estimated_joint, output);
  write_matrix("noise_matrix", estimates.latent.noise_matrix, output);
  // Dense: rows true, columns given. Triplets always start with the given label.
  const SparseMatrix<double>& inverse = estimates.latent.inverse_noise_matrix;
  write_matrix("inverse_noise_matrix",
               inverse.size <= kLargestDenseMatrix ? inverse : inverse.transposed(), output);
}

}  // namespace labelsieve::cli
