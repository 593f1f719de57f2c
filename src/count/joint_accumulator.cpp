#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "count/disagreeing_rows.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/joint_scan_kernel.h"
#include "kernels/refuse_row.h"
#include "labelsieve/count.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

/// What one worker has counted, and its scratch memory.
struct Worker {
  explicit Worker(int64_t num_classes, int64_t rows)
      : counts(num_classes), guesses(static_cast<size_t>(rows)), flags(static_cast<size_t>(rows)) {}

  PairCounts counts;
  int64_t num_off_diagonal = 0;
  int64_t num_disagreeing = 0;
  int64_t num_unnormalized = 0;
  std::vector<int32_t> guesses;
  std::vector<uint8_t> flags;
};

/// P >= t - 1e-6 as one comparison in the element's type, padded for whole vectors. No class is
/// ever confident without a threshold.
template <class W>
std::vector<W> comparison_thresholds(const std::vector<double>& thresholds) {
  const auto padded = (static_cast<int64_t>(thresholds.size()) + kThresholdPadding - 1) /
                      kThresholdPadding * kThresholdPadding;
  std::vector<W> result(static_cast<size_t>(padded), std::numeric_limits<W>::infinity());
  for (size_t k = 0; k < thresholds.size(); ++k) {
    result[k] = round_up<W>(thresholds[k] - kProbabilityTolerance);
  }
  return result;
}

template <class T>
void scan_tile(const Tile<T>& tile, const JointScanInput<T>& input, int64_t first_row,
               uint8_t* flags, Worker& worker) {
  int32_t* guesses = worker.guesses.data();
  const JointScanResult result = joint_scan(input, guesses, flags);
  if (result.invalid_row >= 0) {
    refuse_row(tile.rows.row(result.invalid_row), tile.rows.columns,
               first_row + tile.first + result.invalid_row);
  }
  worker.num_unnormalized += result.num_unnormalized;
  const auto rows = static_cast<size_t>(tile.rows.count);
  worker.counts.add({tile.labels, rows}, {guesses, rows});
  for (size_t i = 0; i < rows; ++i) {
    worker.num_disagreeing += (flags[i] & kDisagrees) != 0;
    worker.num_off_diagonal += (flags[i] & kOffDiagonal) != 0;
  }
}

}  // namespace

ConfidentJointAccumulator::ConfidentJointAccumulator(std::vector<double> thresholds,
                                                     Collision collision)
    : thresholds_(std::move(thresholds)),
      collision_(collision),
      counts_(static_cast<int64_t>(thresholds_.size())) {}

void ConfidentJointAccumulator::add(const Block& block, const Execution& execution) {
  scan(block, {}, nullptr, execution);
}

void ConfidentJointAccumulator::add(const Block& block, std::span<uint8_t> row_flags,
                                    const Execution& execution) {
  scan(block, row_flags, nullptr, execution);
}

void ConfidentJointAccumulator::scan(const Block& block, std::span<uint8_t> row_flags,
                                     DisagreeingRows* disagreeing, const Execution& execution) {
  if (block.pred_probs.columns != static_cast<int64_t>(thresholds_.size())) {
    throw Error(ErrorCode::kInvalidArgument,
                std::to_string(thresholds_.size()) + " thresholds were given for " +
                    std::to_string(block.pred_probs.columns) + " classes");
  }
  if (disagreeing != nullptr)
    disagreeing->start_block(block.pred_probs.type, tile_workers(block, execution));
  std::vector<Worker> workers(static_cast<size_t>(tile_workers(block, execution)),
                              Worker(counts_.num_classes(), tile_rows(block.pred_probs)));
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    const auto limits = comparison_thresholds<Wide<T>>(thresholds_);
    for_each_tile<T>(block, execution, "confident joint", -1, [&](const Tile<T>& tile) {
      Worker& worker = workers[static_cast<size_t>(tile.worker)];
      uint8_t* flags = row_flags.empty() ? worker.flags.data() : row_flags.data() + tile.first;
      scan_tile(tile,
                {tile.rows, tile.labels, limits.data(), collision_ == Collision::kConfidentArgmax},
                block.first_row, flags, worker);
      if (disagreeing != nullptr) disagreeing->add(tile, flags, block.first_row);
    });
  });
  if (disagreeing != nullptr) disagreeing->finish_block();
  for (const Worker& worker : workers) {
    counts_.merge(worker.counts);
    num_off_diagonal_ += worker.num_off_diagonal;
    num_disagreeing_ += worker.num_disagreeing;
    num_unnormalized_rows_ += worker.num_unnormalized;
  }
}

void ConfidentJointAccumulator::merge(const ConfidentJointAccumulator& other) {
  if (thresholds_ != other.thresholds_ || collision_ != other.collision_) {
    throw Error(ErrorCode::kInvalidArgument,
                "joints counted with different thresholds or collision rules cannot be merged");
  }
  counts_.merge(other.counts_);
  num_off_diagonal_ += other.num_off_diagonal_;
  num_disagreeing_ += other.num_disagreeing_;
  num_unnormalized_rows_ += other.num_unnormalized_rows_;
}

}  // namespace labelsieve
