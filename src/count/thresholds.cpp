// Confident thresholds: the mean self-confidence of each class, summed exactly.
#include <algorithm>
#include <cmath>

#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

constexpr double kLowestThreshold = 2e-6;

/// p as a multiple of 2^-80, rounded to nearest. For |p| <= 2. Each step but the last is exact:
/// scaling by a power of two, cutting the fraction off, subtracting.
__int128 to_fixed(double p) {
  const double scaled = p * 0x1p40;
  const auto high = static_cast<int64_t>(scaled);
  const double rest = scaled - static_cast<double>(high);
  return static_cast<__int128>(high) * (int64_t{1} << 40) + std::llrint(rest * 0x1p40);
}

/// What one worker has summed.
struct Sums {
  std::vector<__int128> sums;
  std::vector<int64_t> counts;
};

template <class T>
void add_tile(const Tile<T>& tile, int64_t first_row, Sums& into) {
  const ProbabilityBounds<Wide<T>> bounds;
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    const int32_t label = tile.labels[i];
    if (label == kIgnored) continue;
    const T* row = tile.rows.row(i);
    const Wide<T> p = widen(row[label]);
    if (!bounds.contain(p)) [[unlikely]] {
      refuse_row(row, tile.rows.columns, first_row + tile.first + i);
    }
    into.sums[static_cast<size_t>(label)] += to_fixed(static_cast<double>(p));
    ++into.counts[static_cast<size_t>(label)];
  }
}

}  // namespace

ThresholdAccumulator::ThresholdAccumulator(int64_t num_classes)
    : sums_(static_cast<size_t>(num_classes)), label_counts_(static_cast<size_t>(num_classes)) {}

void ThresholdAccumulator::add(const Block& block, const Execution& execution) {
  std::vector<Sums> workers(
      static_cast<size_t>(tile_workers(block, execution)),
      Sums{std::vector<__int128>(sums_.size()), std::vector<int64_t>(sums_.size())});
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "thresholds", -1, [&](const Tile<T>& tile) {
      add_tile(tile, block.first_row, workers[static_cast<size_t>(tile.worker)]);
    });
  });
  for (const Sums& worker : workers) {
    for (size_t k = 0; k < sums_.size(); ++k) {
      sums_[k] += worker.sums[k];
      label_counts_[k] += worker.counts[k];
    }
  }
}

void ThresholdAccumulator::merge(const ThresholdAccumulator& other) {
  for (size_t k = 0; k < sums_.size(); ++k) {
    sums_[k] += other.sums_[k];
    label_counts_[k] += other.label_counts_[k];
  }
}

std::vector<double> ThresholdAccumulator::thresholds() const {
  std::vector<double> thresholds(sums_.size(), kNoThreshold);
  for (size_t k = 0; k < sums_.size(); ++k) {
    if (label_counts_[k] == 0) continue;
    const double mean =
        static_cast<double>(sums_[k]) * 0x1p-80 / static_cast<double>(label_counts_[k]);
    thresholds[k] = std::max(mean, kLowestThreshold);
  }
  return thresholds;
}

std::vector<double> confident_thresholds(Source& source, const Execution& execution) {
  ThresholdAccumulator accumulator(source.num_classes());
  source.reset();
  for (Block block; source.next(block);) accumulator.add(block, execution);
  return accumulator.thresholds();
}

}  // namespace labelsieve
