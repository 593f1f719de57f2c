#include "count/count_rows.h"

#include <algorithm>
#include <memory>
#include <utility>

#include "base/crew.h"
#include "base/huge_pages.h"
#include "count/block_summaries.h"
#include "count/check_thresholds.h"
#include "count/guess_tile.h"
#include "count/threshold_sums.h"
#include "count/tile_summary.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/error.h"

namespace labelsieve {

/// A friend of both accumulators: thresholds and joint from one pass over all probabilities and a
/// second over the labels. The summaries of the first pass decide nearly every guess of the second.
class RowCounter {
 public:
  RowCounter(Source& source, const ConfidentJointOptions& options, const KeptRows& kept)
      : source_(source),
        options_(options),
        margins_(kept.margins),
        flags_(kept.flags != nullptr ? *kept.flags : own_flags_),
        summaries_(kept.summaries != nullptr ? *kept.summaries : own_summaries_),
        confusion_(kept.confusion),
        sums_(source.num_classes()) {}

  ConfidentJoint count() {
    reserve_huge_pages(flags_, static_cast<size_t>(std::max<int64_t>(source_.num_rows(), 0)));
    source_.reset();
    for (Block block; source_.next(block);) summarize(block);
    if (flags_.empty()) throw Error(ErrorCode::kInvalidData, "there are no examples");

    ConfidentJointAccumulator joint(
        options_.thresholds.empty() ? sums_.thresholds() : options_.thresholds, options_.collision);
    joint.num_unnormalized_rows_ = num_unnormalized_;
    size_t position = 0;
    source_.reset();
    for (Block block; source_.next(block);) guess(block, summaries_[position++], joint);
    return result(joint);
  }

 private:
  void summarize(const Block& block) {
    const int64_t rows = block.pred_probs.rows;
    flags_.resize(static_cast<size_t>(block.first_row + rows));
    BlockSummaries& kept = summaries_.emplace_back(rows, source_.num_classes(), spare_bytes(rows));
    const RowSummaries out = kept.with_flags(flags_.data() + block.first_row);
    const int workers = tile_workers(block, options_.execution);
    if (margins_ != nullptr) margins_->start_block(block.pred_probs.type, workers, kept.spare());
    if (confusion_ != nullptr) confusion_->start_block(workers, kept.odds());
    std::vector<ThresholdSums> sums(static_cast<size_t>(workers),
                                    ThresholdSums(static_cast<size_t>(source_.num_classes())));
    std::vector<int64_t> unnormalized(static_cast<size_t>(workers));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<TileFindings<Wide<T>>> findings(
          static_cast<size_t>(workers), TileFindings<Wide<T>>(tile_rows(block.pred_probs)));
      for_each_tile<T>(
          block, options_.execution, "probabilities", source_.num_rows(), [&](const Tile<T>& tile) {
            const RowFindings<Wide<T>> found = findings[tile.worker].view();
            const RowSummaryResult result =
                summarize_tile(tile, block.first_row, out.from(tile.first), found);
            kept.keep_labels(tile);
            sums[tile.worker].add(tile.labels, found.self_confidence, tile.rows.count);
            unnormalized[tile.worker] += result.num_unnormalized;
            if (margins_ != nullptr) {
              margins_->add(tile, {found.disagreeing, static_cast<size_t>(result.num_disagreeing)},
                            block.first_row);
            }
            if (confusion_ != nullptr) {
              confusion_->add(tile, out.from(tile.first), found.self_confidence);
            }
          });
    });
    if (margins_ != nullptr) margins_->finish_block();
    for (ThresholdSums& worker : sums) worker.add_to(sums_.sums_, sums_.label_counts_);
    for (const int64_t count : unnormalized) num_unnormalized_ += count;
  }

  int64_t spare_bytes(int64_t rows) const {
    if (margins_ != nullptr) return margins_->wanted_bytes(rows);
    return confusion_ != nullptr ? BlockSummaries::odds_bytes(rows) : 0;
  }

  void guess(const Block& source_block, BlockSummaries& summaries,
             ConfidentJointAccumulator& joint) {
    const Block block = summaries.with_labels(source_block);
    const auto workers = static_cast<size_t>(tile_workers(block, options_.execution));
    std::vector<ConfidentJointAccumulator> joints(
        workers, ConfidentJointAccumulator(joint.thresholds_, joint.collision_));
    std::vector<TileGuesser> guessers(workers);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      const ConfidenceLimits<Wide<T>> limits(joint.thresholds_);
      const RowSummaries in = summaries.with_flags(flags_.data() + block.first_row);
      for_each_tile<T>(block, options_.execution, "confident joint", source_.num_rows(),
                       [&](const Tile<T>& tile) {
                         const RowSummaries tile_in = in.from(tile.first);
                         const int32_t* guesses =
                             guessers[tile.worker].guess(tile, tile_in, limits, joint.collision_);
                         joints[tile.worker].add_guesses(
                             {tile.labels, static_cast<size_t>(tile.rows.count)}, guesses,
                             tile_in.flags);
                       });
    });
    for (const ConfidentJointAccumulator& worker : joints) joint.merge(worker);
    if (&summaries_ == &own_summaries_) summaries.clear();
  }

  ConfidentJoint result(const ConfidentJointAccumulator& joint) const {
    ConfidentJoint result;
    result.thresholds = joint.thresholds();
    result.label_counts = sums_.label_counts();
    result.counts = joint.counts();
    result.calibrated = calibrate_confident_joint(
        result.counts.mapped<double>([](int64_t count) { return static_cast<double>(count); }),
        result.label_counts);
    result.num_off_diagonal = joint.num_off_diagonal();
    result.num_disagreeing = joint.num_disagreeing();
    result.num_unnormalized_rows = joint.num_unnormalized_rows();
    return result;
  }

  Source& source_;
  const ConfidentJointOptions& options_;
  LargeMargins* margins_;
  std::vector<uint8_t> own_flags_;
  std::vector<uint8_t>& flags_;
  std::vector<BlockSummaries> own_summaries_;
  std::vector<BlockSummaries>& summaries_;
  ConfusionCounter* confusion_;
  ThresholdAccumulator sums_;
  int64_t num_unnormalized_ = 0;
};

ConfidentJoint count_rows(Source& source, const ConfidentJointOptions& options,
                          const KeptRows& kept) {
  const CrewScope scope;
  if (!options.thresholds.empty()) {
    check_thresholds(options.thresholds.size(), source.num_classes());
  }
  return RowCounter(source, options, kept).count();
}

ConfidentJoint confident_joint(Source& source, const ConfidentJointOptions& options) {
  return count_rows(source, options, {});
}

}  // namespace labelsieve
