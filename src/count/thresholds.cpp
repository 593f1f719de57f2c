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

/// The sums of one worker, as multiples of 2^-40 and, for what is finer, of 2^-80. Both parts of a
/// number are below 2^41, so 64 bits hold kMaxSummed of them; then they move to 128 bits.
class WorkerSums {
 public:
  explicit WorkerSums(size_t num_classes)
      : high_(num_classes), low_(num_classes), wide_(num_classes), counts_(num_classes) {}

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

  /// To be called after each tile, with the number of its rows.
  void finish_tile(int64_t rows) {
    summed_ += rows;
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

template <class T>
void add_tile(const Tile<T>& tile, int64_t first_row, WorkerSums& into) {
  const ProbabilityBounds<Wide<T>> bounds;
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    const int32_t label = tile.labels[i];
    if (label == kIgnored) continue;
    const T* row = tile.rows.row(i);
    const Wide<T> p = widen(row[label]);
    if (!bounds.contain(p)) [[unlikely]] {
      refuse_row(row, tile.rows.columns, first_row + tile.first + i);
    }
    into.add(static_cast<size_t>(label), static_cast<double>(p));
  }
  into.finish_tile(tile.rows.count);
}

}  // namespace

ThresholdAccumulator::ThresholdAccumulator(int64_t num_classes)
    : sums_(static_cast<size_t>(num_classes)), label_counts_(static_cast<size_t>(num_classes)) {}

void ThresholdAccumulator::add(const Block& block, const Execution& execution) {
  std::vector<WorkerSums> workers(static_cast<size_t>(tile_workers(block, execution)),
                                  WorkerSums(sums_.size()));
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "thresholds", -1, [&](const Tile<T>& tile) {
      add_tile(tile, block.first_row, workers[static_cast<size_t>(tile.worker)]);
    });
  });
  for (WorkerSums& worker : workers) worker.add_to(sums_, label_counts_);
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
