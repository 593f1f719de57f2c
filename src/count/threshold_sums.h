// Sums of probabilities per class, exact: what one worker adds to a ThresholdAccumulator.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "kernels/class_count_kernel.h"
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
  explicit ThresholdSums(size_t num_classes)
      : classes_(2 * num_classes), word_sums_(num_classes), word_counts_(num_classes) {}

  /// Adds the probabilities of some labels, which are valid.
  void add(const int32_t* labels, const double* self_confidence, int64_t count) {
    for (int64_t i = 0; i < count; ++i) {
      if (labels[i] == kIgnored) continue;
      // By turns, so that a class's second example need not wait for its first.
      add(classes_[2 * static_cast<size_t>(labels[i]) + (i & 1)], self_confidence[i]);
    }
  }

  /// The same for floats, which but for the smallest are multiples of 2^-37: their sums find room
  /// in words for a while.
  void add(const int32_t* labels, const float* self_confidence, int64_t count) {
    if (count > word_room_) empty_words();
    word_room_ -= count;
    small_.resize(static_cast<size_t>(count + kClassPadding));
    const int64_t num_small =
        add_class_sums(labels, self_confidence, count, static_cast<int64_t>(word_sums_.size()),
                       {word_sums_.data(), word_counts_.data()}, small_.data());
    for (int64_t s = 0; s < num_small; ++s) {
      const uint32_t i = small_[static_cast<size_t>(s)];
      add(classes_[2 * static_cast<size_t>(labels[i])], static_cast<double>(self_confidence[i]));
    }
  }

  void add_to(std::vector<__int128>& sums, std::vector<int64_t>& counts) {
    empty_words();
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
  static void add(Class& sum, double p) {
    const double scaled = p * 0x1p62;
    const auto high = static_cast<int64_t>(scaled);
    sum.high += high;
    ++sum.count;
    sum.low += std::llrint((scaled - static_cast<double>(high)) * 0x1p18);
  }

  void empty_words() {
    for (size_t k = 0; k < word_sums_.size(); ++k) {
      classes_[2 * k].high += static_cast<__int128>(word_sums_[k]) << 25;
      classes_[2 * k].count += word_counts_[k];
      word_sums_[k] = 0;
      word_counts_[k] = 0;
    }
    word_room_ = kMaxClassSummands;
  }

  std::vector<Class> classes_;      // two for each
  std::vector<int64_t> word_sums_;  // multiples of kClassSumUnit
  std::vector<int64_t> word_counts_;
  int64_t word_room_ = kMaxClassSummands;
  std::vector<uint32_t> small_;
};

}  // namespace labelsieve
