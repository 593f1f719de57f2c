// Confident thresholds: the mean self-confidence of each class, summed exactly.
#include "count/threshold_sums.h"
#include "kernels/bounds.h"
#include "kernels/fetch_given.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// Looks up the probabilities of the given labels; throws for one that is none.
template <class T>
void look_up(const Tile<T>& tile, int64_t first_row, std::vector<Wide<T>>& self_confidence) {
  const ProbabilityBounds<Wide<T>> bounds;
  self_confidence.resize(static_cast<size_t>(tile.rows.count));
  const GivenAhead<T> ahead(tile);
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    ahead.at(i);
    if (tile.labels[i] == kIgnored) continue;
    const T* row = tile.rows.row(i);
    self_confidence[i] = widen(row[tile.labels[i]]);
    if (!bounds.contain(self_confidence[i])) [[unlikely]] {
      refuse_row(row, tile.rows.columns, first_row + tile.first + i);
    }
  }
}

}  // namespace

ThresholdAccumulator::ThresholdAccumulator(int64_t num_classes)
    : sums_(static_cast<size_t>(num_classes)), label_counts_(static_cast<size_t>(num_classes)) {}

void ThresholdAccumulator::add(const Block& block, const Execution& execution) {
  const auto num_workers = static_cast<size_t>(tile_workers(block, execution));
  std::vector<ThresholdSums> workers(num_workers, ThresholdSums(sums_.size()));
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    std::vector<std::vector<Wide<T>>> self_confidences(num_workers);
    for_each_tile<T>(block, execution, "thresholds", -1, [&](const Tile<T>& tile) {
      std::vector<Wide<T>>& self_confidence = self_confidences[static_cast<size_t>(tile.worker)];
      look_up(tile, block.first_row, self_confidence);
      workers[static_cast<size_t>(tile.worker)].add(tile.labels, self_confidence.data(),
                                                    tile.rows.count);
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
  std::vector<double> thresholds(sums_.size());
  for (size_t k = 0; k < sums_.size(); ++k) {
    thresholds[k] = threshold_from(sums_[k], label_counts_[k]);
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
