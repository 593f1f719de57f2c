// How sure the argmax of rows is, counted tile by tile.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <span>
#include <type_traits>
#include <vector>

#include "count/confidence_limits.h"
#include "count/tile_summary.h"
#include "kernels/class_count_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/guess_kernel.h"
#include "kernels/score_kernel.h"
#include "labelsieve/guesses.h"

namespace labelsieve {

/// Counts tiles into ArgmaxCounts; one for each worker.
template <class W>
class ArgmaxCounter {
 public:
  explicit ArgmaxCounter(size_t num_classes)
      : counts_(num_classes),
        summary_(kStep),
        guesses_(kStep),
        positions_(kStep + std::max(kGuessPadding, kClassPadding)) {}

  /// Calls done(part, self_confidence) for the tile's rows, some at a time, once they are counted;
  /// `self_confidence` has the probability of each label of the part and anything for ignored ones.
  /// Throws for an invalid row.
  template <class T, class Done>
  void add(const Tile<T>& tile, int64_t first_row, const ConfidenceLimits<W>& limits,
           const Done& done) {
    for (int64_t first = 0; first < tile.rows.count; first += kStep) {
      const Tile<T> part = tile.part(first, kStep);
      count(part, first_row, limits);
      done(part, static_cast<const W*>(summary_.findings().self_confidence));
    }
  }

  void add_to(ArgmaxCounts& total) const {
    for (size_t k = 0; k < counts_.examples.size(); ++k) {
      total.examples[k] += counts_.examples[k];
      total.confident[k] += counts_.confident[k] + counts_.disagreeing[k];
      total.disagreeing[k] += counts_.disagreeing[k];
    }
  }

 private:
  // What is known of so many rows stays in the nearest cache, and is little to ask memory for when
  // a dataset comes in small batches.
  static constexpr int64_t kStep = 1024;

  template <class T>
  void count(const Tile<T>& tile, int64_t first_row, const ConfidenceLimits<W>& limits) {
    summary_.summarize(tile, first_row);
    guess(tile, limits);
    const auto classes = static_cast<int64_t>(counts_.examples.size());
    // A label agrees with itself: so labels are counted, too.
    count_agreeing(tile.labels, tile.labels, tile.rows.count, classes, counts_.examples.data(),
                   positions_.data());
    const int64_t num_disagreeing =
        count_agreeing(tile.labels, guesses_.data(), tile.rows.count, classes,
                       counts_.confident.data(), positions_.data());
    for (int64_t d = 0; d < num_disagreeing; ++d) {
      ++counts_.disagreeing[static_cast<size_t>(tile.labels[positions_[static_cast<size_t>(d)]])];
    }
  }

  /// The argmax of every row that is confident in it, kNotConfident for the others.
  template <class T>
  void guess(const Tile<T>& tile, const ConfidenceLimits<W>& limits) {
    // No class but the argmax is asked for: the second largest probability reaches nothing.
    const LimitCodes codes{limits.codes.data(), tile.rows.columns,
                           std::numeric_limits<uint16_t>::max()};
    const RowSummaries rows = summary_.rows();
    const int64_t num_unclear =
        guess_rows(rows, tile.labels, tile.rows.count, codes, guesses_.data(), positions_.data());
    for (int64_t u = 0; u < num_unclear; ++u) {
      const uint32_t i = positions_[static_cast<size_t>(u)];
      const Rows<T> row = tile.rows.part(i, 1);
      int32_t best = 0;
      argmax(row, tile.labels + i, &best);
      const bool reaches = widen(row.row(0)[best]) >= limits.limits[static_cast<size_t>(best)];
      guesses_[i] = reaches ? best : kNotConfident;
    }
  }

  ArgmaxCounts counts_;  // confident: only those that agree
  TileSummary<W> summary_;
  std::vector<int32_t> guesses_;
  std::vector<uint32_t> positions_;
};

/// Adds a block to `total`; `done` is called as ArgmaxCounter::add() does, on any thread. Throws
/// for an invalid row.
template <class Done>
void count_argmaxes(const Block& block, std::span<const double> thresholds, int64_t total_rows,
                    const Execution& execution, ArgmaxCounts& total, const Done& done) {
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    const ConfidenceLimits<Wide<T>> limits({thresholds.begin(), thresholds.end()});
    std::vector<ArgmaxCounter<Wide<T>>> counters(
        static_cast<size_t>(tile_workers(block, execution)),
        ArgmaxCounter<Wide<T>>(thresholds.size()));
    for_each_tile<T>(block, execution, "predictions", total_rows, [&](const Tile<T>& tile) {
      counters[static_cast<size_t>(tile.worker)].add(tile, block.first_row, limits, done);
    });
    for (const ArgmaxCounter<Wide<T>>& counter : counters) counter.add_to(total);
  });
}

}  // namespace labelsieve
