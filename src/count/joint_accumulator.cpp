#include <bit>
#include <cstring>
#include <string>
#include <utility>

#include "base/refuse_argument.h"
#include "count/guess_tile.h"
#include "count/tile_summary.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// What one worker has counted, and its scratch memory for a tile.
template <class W>
struct Worker {
  Worker(const std::vector<double>& thresholds, Collision collision, int64_t rows)
      : counted(thresholds, collision), summary(rows) {}

  ConfidentJointAccumulator counted;
  TileGuesser guesser;
  TileSummary<W> summary;
};

/// How many of the bytes have the bit: eight at a time, by the bytes of one product.
int64_t count_flag(std::span<const uint8_t> flags, uint8_t bit) {
  constexpr uint64_t kEachByte = 0x0101010101010101;
  const int shift = std::countr_zero(bit);
  int64_t count = 0;
  size_t i = 0;
  for (; i + 8 <= flags.size(); i += 8) {
    uint64_t bytes;
    std::memcpy(&bytes, flags.data() + i, 8);
    count += static_cast<int64_t>((bytes >> shift & kEachByte) * kEachByte >> 56);
  }
  for (; i < flags.size(); ++i) count += flags[i] >> shift & 1;
  return count;
}

}  // namespace

ConfidentJointAccumulator::ConfidentJointAccumulator(std::vector<double> thresholds,
                                                     Collision collision)
    : thresholds_(std::move(thresholds)),
      collision_(collision),
      counts_(static_cast<int64_t>(thresholds_.size())) {}

void ConfidentJointAccumulator::add_guesses(std::span<const int32_t> labels, const int32_t* guesses,
                                            const uint8_t* flags) {
  counts_.add(labels, {guesses, labels.size()});
  const std::span<const uint8_t> all(flags, labels.size());
  num_disagreeing_ += count_flag(all, kDisagrees);
  num_off_diagonal_ += count_flag(all, kOffDiagonal);
}

void ConfidentJointAccumulator::add(const Block& block, const Execution& execution) {
  if (block.pred_probs.columns != static_cast<int64_t>(thresholds_.size())) {
    refuse_argument(std::to_string(thresholds_.size()) + " thresholds were given for " +
                    std::to_string(block.pred_probs.columns) + " classes");
  }
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    const ConfidenceLimits<Wide<T>> limits(thresholds_);
    std::vector<Worker<Wide<T>>> workers(
        static_cast<size_t>(tile_workers(block, execution)),
        Worker<Wide<T>>(thresholds_, collision_, tile_rows(block.pred_probs)));
    for_each_tile<T>(block, execution, "confident joint", -1, [&](const Tile<T>& tile) {
      Worker<Wide<T>>& worker = workers[static_cast<size_t>(tile.worker)];
      worker.counted.num_unnormalized_rows_ +=
          worker.summary.summarize(tile, block.first_row).num_unnormalized;
      const RowSummaries summaries = worker.summary.rows();
      const int32_t* guesses = worker.guesser.guess(tile, summaries, limits, collision_);
      worker.counted.add_guesses({tile.labels, static_cast<size_t>(tile.rows.count)}, guesses,
                                 summaries.flags);
    });
    for (const Worker<Wide<T>>& worker : workers) merge(worker.counted);
  });
}

void ConfidentJointAccumulator::merge(const ConfidentJointAccumulator& other) {
  if (thresholds_ != other.thresholds_ || collision_ != other.collision_) {
    refuse_argument("joints counted with different thresholds or collision rules cannot be merged");
  }
  counts_.merge(other.counts_);
  num_off_diagonal_ += other.num_off_diagonal_;
  num_disagreeing_ += other.num_disagreeing_;
  num_unnormalized_rows_ += other.num_unnormalized_rows_;
}

}  // namespace labelsieve
