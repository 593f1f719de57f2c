// Sums of probabilities per class, exact: what one worker adds to a ThresholdAccumulator.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/for_each_tile.h"

namespace labelsieve {

/// Multiples of 2^-40 and, for what is finer, of 2^-80. Both parts of a
/// number are below 2^41, so 64 bits hold kMaxSummed of them; then they move to 128 bits.
class ThresholdSums {
 public:
  explicit ThresholdSums(size_t num_classes)
      : high_(num_classes), low_(num_classes), wide_(num_classes), counts_(num_classes) {}

  /// Adds the given labels' probabilities of a tile, which are valid.
  template <class T>
  void add(const Tile<T>& tile) {
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      const int32_t label = tile.labels[i];
      if (label == kIgnored) continue;
      add(static_cast<size_t>(label), static_cast<double>(widen(tile.rows.row(i)[label])));
    }
    summed_ += tile.rows.count;
    if (summed_ >= kMaxSummed) widen_sums();
  }

  void add_to(std::vector<__int128>& sums, std::vector<int64_t>& counts) {
    widen_sums();
    for (size_t k = 0; k < sums.size(); ++k) {
      sums[k] += wide_[k];
      counts[k] += counts_[k];
    }
  }

 private:
  /// Each step but the rounding is exact: scaling by a power of two, cutting the fraction off,
  /// subtracting.
  void add(size_t label, double p) {
    const double scaled = p * 0x1p40;
    const auto high = static_cast<int64_t>(scaled);
    const double rest = scaled - static_cast<double>(high);
    high_[label] += high;
    if (rest != 0) low_[label] += std::llrint(rest * 0x1p40);
    ++counts_[label];
  }

  static constexpr int64_t kMaxSummed = int64_t{1} << 21;

  void widen_sums() {
    for (size_t k = 0; k < wide_.size(); ++k) {
      wide_[k] += static_cast<__int128>(high_[k]) * (int64_t{1} << 40) + low_[k];
      high_[k] = low_[k] = 0;
    }
    summed_ = 0;
  }

  std::vector<int64_t> high_;
  std::vector<int64_t> low_;
  std::vector<__int128> wide_;
  std::vector<int64_t> counts_;
  int64_t summed_ = 0;
};

}  // namespace labelsieve
