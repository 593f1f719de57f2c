#include "count/count_rows.h"

#include <algorithm>
#include <memory>
#include <string>
#include <utility>

#include "base/huge_pages.h"
#include "base/refuse_argument.h"
#include "count/guess_tile.h"
#include "count/threshold_sums.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/error.h"

namespace labelsieve {

/// A friend of both accumulators: thresholds and joint from one pass over all probabilities and a
/// second over the labels. The summaries of the first pass decide nearly every guess of the second.
class RowCounter {
 public:
  RowCounter(Source& source, const ConfidentJointOptions& options, const KeptRows& kept)
      : source_(source),
        options_(options),
        disagreeing_(kept.disagreeing),
        flags_(kept.flags != nullptr ? *kept.flags : own_flags_),
        gaps_(kept.gaps),
        sums_(source.num_classes()) {}

  ConfidentJoint count() {
    reserve_huge_pages(flags_, static_cast<size_t>(std::max<int64_t>(source_.num_rows(), 0)));
    source_.reset();
    for (Block block; source_.next(block);) summarize(block);
    if (flags_.empty()) throw Error(ErrorCode::kInvalidData, "there are no examples");
    if (gaps_ != nullptr) gaps_->resize(flags_.size());

    ConfidentJointAccumulator joint(
        options_.thresholds.empty() ? sums_.thresholds() : options_.thresholds, options_.collision);
    joint.num_unnormalized_rows_ = num_unnormalized_;
    size_t position = 0;
    source_.reset();
    for (Block block; source_.next(block);) guess(block, summaries_[position++], joint);
    return result(joint);
  }

 private:
  static constexpr int64_t kMaxClassesIn16Bits = int64_t{1} << 16;

  /// What the first pass keeps of a block beside the flags. The labels, because decoded and in 16
  /// bits they are read faster than in the source; unless there are more classes than that.
  struct BlockSummaries {
    BlockSummaries(int64_t rows, bool keeps_labels)
        : size(static_cast<size_t>(rows)),
          codes(std::make_unique_for_overwrite<uint16_t[]>(num_codes(keeps_labels))),
          labels(keeps_labels ? codes.get() + 3 * size : nullptr) {
      advise_huge_pages(codes.get(), num_codes(keeps_labels) * sizeof(uint16_t));
    }

    size_t num_codes(bool keeps_labels) const { return (keeps_labels ? 4 : 3) * size; }

    size_t size;
    std::unique_ptr<uint16_t[]> codes;  // maxima, runners-up, argmaxes, labels
    uint16_t* labels;

    /// An ignored example is told by its flags.
    template <class T>
    void keep_labels(const Tile<T>& tile) {
      if (labels == nullptr) return;
      for (int64_t i = 0; i < tile.rows.count; ++i) {
        labels[tile.first + i] = static_cast<uint16_t>(std::max(tile.labels[i], 0));
      }
    }

    Block with_labels(Block block) const {
      if (labels != nullptr) block.labels = {labels, static_cast<int64_t>(size)};
      return block;
    }
  };

  /// A worker's memory for what is known of the rows of a tile.
  template <class W>
  struct Found {
    explicit Found(int64_t rows)
        : self_confidence(static_cast<size_t>(rows)),
          disagreeing(static_cast<size_t>(rows + kSummaryPadding)) {}

    RowFindings<W> findings() { return {self_confidence.data(), disagreeing.data()}; }

    std::vector<W> self_confidence;
    std::vector<uint32_t> disagreeing;
  };

  RowSummaries view(const Block& block, const BlockSummaries& summaries) {
    uint16_t* codes = summaries.codes.get();
    return {codes, codes + summaries.size, codes + 2 * summaries.size,
            flags_.data() + block.first_row};
  }

  void summarize(const Block& block) {
    const int64_t rows = block.pred_probs.rows;
    flags_.resize(static_cast<size_t>(block.first_row + rows));
    BlockSummaries& kept =
        summaries_.emplace_back(rows, source_.num_classes() <= kMaxClassesIn16Bits);
    const RowSummaries out = view(block, kept);
    const int workers = tile_workers(block, options_.execution);
    if (disagreeing_ != nullptr) disagreeing_->start_block(block.pred_probs, workers);
    std::vector<ThresholdSums> sums(static_cast<size_t>(workers),
                                    ThresholdSums(static_cast<size_t>(source_.num_classes())));
    std::vector<int64_t> unnormalized(static_cast<size_t>(workers));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<Found<Wide<T>>> founds(static_cast<size_t>(workers),
                                         Found<Wide<T>>(tile_rows(block.pred_probs)));
      for_each_tile<T>(
          block, options_.execution, "probabilities", source_.num_rows(), [&](const Tile<T>& tile) {
            const RowSummaries tile_out = out.from(tile.first);
            Found<Wide<T>>& found = founds[tile.worker];
            const RowSummaryResult result =
                summarize_rows(tile.rows, tile.labels, tile_out, found.findings());
            if (result.invalid_row >= 0) {
              refuse_row(tile.rows.row(result.invalid_row), tile.rows.columns,
                         block.first_row + tile.first + result.invalid_row);
            }
            kept.keep_labels(tile);
            sums[tile.worker].add(tile.labels, found.self_confidence.data(), tile.rows.count);
            unnormalized[tile.worker] += result.num_unnormalized;
            if (disagreeing_ != nullptr) {
              disagreeing_->add(
                  tile, {found.disagreeing.data(), static_cast<size_t>(result.num_disagreeing)},
                  block.first_row);
            }
          });
    });
    if (disagreeing_ != nullptr) disagreeing_->finish_block();
    for (ThresholdSums& worker : sums) worker.add_to(sums_.sums_, sums_.label_counts_);
    for (const int64_t count : unnormalized) num_unnormalized_ += count;
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
      const RowSummaries in = view(block, summaries);
      for_each_tile<T>(block, options_.execution, "confident joint", source_.num_rows(),
                       [&](const Tile<T>& tile) {
                         const RowSummaries tile_in = in.from(tile.first);
                         const int32_t* guesses =
                             guessers[tile.worker].guess(tile, tile_in, limits, joint.collision_);
                         if (gaps_ != nullptr) {
                           keep_gaps(tile_in, tile.rows.count, block.first_row + tile.first);
                         }
                         joints[tile.worker].add_guesses(
                             {tile.labels, static_cast<size_t>(tile.rows.count)}, guesses,
                             tile_in.flags);
                       });
    });
    for (const ConfidentJointAccumulator& worker : joints) joint.merge(worker);
    summaries.codes.reset();  // not needed any more
  }

  void keep_gaps(const RowSummaries& rows, int64_t count, int64_t first_row) {
    uint8_t* gaps = gaps_->data() + first_row;
    for (int64_t i = 0; i < count; ++i) gaps[i] = gap_code(rows.maximum[i], rows.second[i]);
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
  DisagreeingRows* disagreeing_;
  std::vector<uint8_t> own_flags_;
  std::vector<uint8_t>& flags_;
  std::vector<uint8_t>* gaps_;
  ThresholdAccumulator sums_;
  int64_t num_unnormalized_ = 0;
  std::vector<BlockSummaries> summaries_;
};

ConfidentJoint count_rows(Source& source, const ConfidentJointOptions& options,
                          const KeptRows& kept) {
  const int64_t classes = source.num_classes();
  if (!options.thresholds.empty() && static_cast<int64_t>(options.thresholds.size()) != classes) {
    refuse_argument(std::to_string(options.thresholds.size()) + " thresholds were given for " +
                    std::to_string(classes) + " classes; give one per class");
  }
  return RowCounter(source, options, kept).count();
}

ConfidentJoint confident_joint(Source& source, const ConfidentJointOptions& options) {
  return count_rows(source, options, {});
}

}  // namespace labelsieve
