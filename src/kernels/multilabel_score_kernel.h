// Scores of labels, and their moving averages. Each label is a problem with two classes.
#pragma once

#include <cstdint>

#include "kernels/multilabel_kernel.h"

namespace labelsieve {

/// out[i · columns + k] = P of the given side, in [0, 1]. All three return false, `out` then being
/// of no use, if an element is no probability.
bool self_confidence_of_labels(const LabelledRows<float16>& rows, double* out);
bool self_confidence_of_labels(const LabelledRows<float>& rows, double* out);
bool self_confidence_of_labels(const LabelledRows<double>& rows, double* out);

/// (given side - other side + 1) / 2, in [0, 1].
bool normalized_margin_of_labels(const LabelledRows<float16>& rows, double* out);
bool normalized_margin_of_labels(const LabelledRows<float>& rows, double* out);
bool normalized_margin_of_labels(const LabelledRows<double>& rows, double* out);

/// ln(1 + x) / x with x = normalized entropy of [1 - p, p] / given side.
bool confidence_weighted_entropy_of_labels(const LabelledRows<float16>& rows, double* out);
bool confidence_weighted_entropy_of_labels(const LabelledRows<float>& rows, double* out);
bool confidence_weighted_entropy_of_labels(const LabelledRows<double>& rows, double* out);

/// Two columns that a sorting network compares and exchanges.
struct Comparator {
  int32_t low = 0;
  int32_t high = 0;
};

/// Most columns that moving_averages() takes.
inline constexpr int64_t kMaxNetworkColumns = 64;

/// out[i] = the exponential moving average over row i from its largest score to its smallest: as
/// many rows at once as a vector has lanes. `network` sorts `columns` elements. Rows have `columns`
/// elements one behind the other; none is NaN.
void moving_averages(const double* scores, int64_t rows, int64_t columns, const Comparator* network,
                     int64_t network_size, double alpha, double* out);

}  // namespace labelsieve
