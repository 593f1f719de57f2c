// Confident thresholds: the mean self-confidence of each class, summed exactly.
#include <algorithm>

#include "count/threshold_sums.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

constexpr double kLowestThreshold = 2e-6;

/// Throws for a probability of a given label that is none.
template <class T>
void check_tile(const Tile<T>& tile, int64_t first_row) {
  const ProbabilityBounds<Wide<T>> bounds;
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    if (tile.labels[i] == kIgnored) continue;
    const T* row = tile.rows.row(i);
    if (!bounds.contain(widen(row[tile.labels[i]]))) [[unlikely]] {
      refuse_row(row, tile.rows.columns, first_row + tile.first + i);
    }
  }
}

}  // namespace

ThresholdAccumulator::ThresholdAccumulator(int64_t num_classes)
    : sums_(static_cast<size_t>(num_classes)), label_counts_(static_cast<size_t>(num_classes)) {}

void ThresholdAccumulator::add(const Block& block, const Execution& execution) {
  std::vector<ThresholdSums> workers(static_cast<size_t>(tile_workers(block, execution)),
                                     ThresholdSums(sums_.size()));
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "thresholds", -1, [&](const Tile<T>& tile) {
      check_tile(tile, block.first_row);
      workers[static_cast<size_t>(tile.worker)].add(tile);
    });
  });
  for (ThresholdSums& worker : workers) worker.add_to(sums_, label_counts_);
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
