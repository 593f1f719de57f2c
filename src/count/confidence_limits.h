// Thresholds as comparisons in the element's type.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

#include "kernels/bounds.h"
#include "kernels/confident_class_kernel.h"

namespace labelsieve {

/// P >= t - 1e-6 as P >= limit, one comparison in W. No class is ever confident without a
/// threshold, nor are the columns that pad the limits for whole vectors.
template <class W>
struct ConfidenceLimits {
  std::vector<W> limits;
  W lowest = std::numeric_limits<W>::infinity();

  explicit ConfidenceLimits(const std::vector<double>& thresholds) {
    const auto padded = (static_cast<int64_t>(thresholds.size()) + kThresholdPadding - 1) /
                        kThresholdPadding * kThresholdPadding;
    limits.assign(static_cast<size_t>(padded), std::numeric_limits<W>::infinity());
    for (size_t k = 0; k < thresholds.size(); ++k) {
      limits[k] = round_up<W>(thresholds[k] - kProbabilityTolerance);
      lowest = std::min(lowest, limits[k]);
    }
  }
};

}  // namespace labelsieve
