// Thresholds as comparisons in the element's type.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/bounds.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/row_summary_kernel.h"

namespace labelsieve {

/// P >= t - 1e-6 as P >= limit, one comparison in W. No class is ever confident without a
/// threshold, nor are the columns that pad the limits for whole vectors.
template <class W>
struct ConfidenceLimits {
  std::vector<W> limits;
  std::vector<uint16_t> codes;  ///< probability_code of each limit.
  uint16_t lowest_code = 0;     ///< That of the lowest limit.

  explicit ConfidenceLimits(const std::vector<double>& thresholds) {
    const auto padded = (static_cast<int64_t>(thresholds.size()) + kThresholdPadding - 1) /
                        kThresholdPadding * kThresholdPadding;
    W lowest = std::numeric_limits<W>::infinity();
    limits.assign(static_cast<size_t>(padded), std::numeric_limits<W>::infinity());
    for (size_t k = 0; k < thresholds.size(); ++k) {
      limits[k] = round_up<W>(thresholds[k] - kProbabilityTolerance);
      lowest = std::min(lowest, limits[k]);
    }
    codes.resize(limits.size());
    std::transform(limits.begin(), limits.end(), codes.begin(), probability_code<W>);
    lowest_code = probability_code(lowest);
  }
};

}  // namespace labelsieve
