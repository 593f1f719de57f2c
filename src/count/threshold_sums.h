// Sums of probabilities per class, exact: what one worker adds to a ThresholdAccumulator.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/label_decode.h"
#include "labelsieve/count.h"

namespace labelsieve {

/// The mean behind a threshold, from a sum of multiples of 2^-80; kNoThreshold without examples.
inline double threshold_from(__int128 sum, int64_t count) {
  constexpr double kLowestThreshold = 2e-6;
  if (count == 0) return kNoThreshold;
  return std::max(static_cast<double>(sum) * 0x1p-80 / static_cast<double>(count),
                  kLowestThreshold);
}

/// Multiples of 2^-62 in 128 bits and, for what is finer, of 2^-80. No number of examples that fits
/// in memory fills either.
class ThresholdSums {
 public:
  explicit ThresholdSums(size_t num_classes) : classes_(2 * num_classes) {}

  /// Adds the probabilities of some labels, which are valid.
  template <class W>
  void add(const int32_t* labels, const W* self_confidence, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      if (labels[i] == kIgnored) continue;
      // By turns, so that a class's second example need not wait for its first.
      add(classes_[2 * static_cast<size_t>(labels[i]) + (i & 1)], self_confidence[i]);
    }
  }

  void add_to(std::vector<__int128>& sums, std::vector<int64_t>& counts) const {
    for (size_t k = 0; k < sums.size(); ++k) {
      for (const Class& part : {classes_[2 * k], classes_[2 * k + 1]}) {
        sums[k] += part.high * (int64_t{1} << 18) + part.low;
        counts[k] += part.count;
      }
    }
  }

 private:
  struct Class {
    __int128 high = 0;
    int64_t low = 0;
    int64_t count = 0;
  };

  /// Each step but the rounding is exact: scaling by a power of two, cutting the fraction off,
  /// subtracting.
  template <class W>
  static void add(Class& sum, W p) {
    const double scaled = static_cast<double>(p) * 0x1p62;
    const auto high = static_cast<int64_t>(scaled);
    sum.high += high;
    ++sum.count;
    // The 24 bits of a float seldom reach below 2^-62.
    if (std::is_same_v<W, double> || std::abs(p) < W{0x1p-38}) {
      sum.low += std::llrint((scaled - static_cast<double>(high)) * 0x1p18);
    }
  }

  std::vector<Class> classes_;  // two for each
};

}  // namespace labelsieve
