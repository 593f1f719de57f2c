// The likelihood of labels under tempered probabilities, for fitting the temperature.
#pragma once

#include <cstdint>

namespace labelsieve {

/// Rows in double precision for these kernels: `columns` numbers each, in padded rows.
struct PaddedRows {
  double* data = nullptr;
  int64_t count = 0;
  int64_t columns = 0;

  /// Elements from one row to the next: whole vectors on every instruction set.
  static constexpr int64_t stride_of(int64_t columns) { return (columns + 7) / 8 * 8; }
  int64_t stride() const { return stride_of(columns); }
  double* row(int64_t i) const { return data + i * stride(); }
};

/// Turns each probability into its logarithm less that of the row's maximum, in place;
/// probabilities below `floor` count as it.
void log_ratios(const PaddedRows& rows, double floor);

/// First and negated second derivative by β of Σ_i ln softmax(β L_i)[y_i].
struct LikelihoodSlopes {
  double gradient = 0;
  double curvature = 0;
};

/// The slopes of some rows L of log_ratios(), added up in their order. `labels` has one per row.
LikelihoodSlopes likelihood_slopes(const PaddedRows& rows, const int32_t* labels,
                                   double temperature);

}  // namespace labelsieve
