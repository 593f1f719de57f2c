// The one pass over all probabilities: what has to be known of each row before any threshold is.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// One element per row. Nothing is written for ignored rows but their flags.
template <class W>
struct RowSummaries {
  W* maximum = nullptr;
  W* second = nullptr;        // the largest probability of the other columns; lowest for K = 1
  int32_t* argmax = nullptr;  // the first column of the maximum
  uint8_t* flags = nullptr;   // kCounted, kDisagrees (RowFlags of labelsieve/count.h)

  RowSummaries from(int64_t row) const {
    return {maximum + row, second + row, argmax + row, flags + row};
  }
};

struct RowSummaryResult {
  int64_t num_unnormalized = 0;
  int64_t invalid_row = -1;  // position of the first row with an invalid probability; then stop
};

/// Summarises and checks every row. `labels` has one class per row, or kIgnored.
RowSummaryResult summarize_rows(const Rows<float16>& rows, const int32_t* labels,
                                const RowSummaries<float>& out);
RowSummaryResult summarize_rows(const Rows<float>& rows, const int32_t* labels,
                                const RowSummaries<float>& out);
RowSummaryResult summarize_rows(const Rows<double>& rows, const int32_t* labels,
                                const RowSummaries<double>& out);

}  // namespace labelsieve
