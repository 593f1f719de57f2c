// From what is known of rows to the classes they are confidently in.
#pragma once

#include <cstdint>
#include <vector>

#include "count/confidence_limits.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/count.h"

namespace labelsieve {

/// Guesses the rows of tiles; one for each worker, for its scratch memory.
class TileGuesser {
 public:
  /// The confident class of every row of the tile, kNotConfident for none or an ignored row; valid
  /// until the next call. Sets kOffDiagonal in the flags of the summaries.
  ///
  /// Whatever the thresholds of the others, a row whose maximum reaches its own class's threshold
  /// is guessed to be of that class, under both collision rules; a row whose maximum does not and
  /// whose second largest reaches no threshold is not confident. Only the rest are looked at.
  template <class T>
  const int32_t* guess(const Tile<T>& tile, const RowSummaries<Wide<T>>& summaries,
                       const ConfidenceLimits<Wide<T>>& limits, Collision collision) {
    guesses_.resize(static_cast<size_t>(tile.rows.count));
    unclear_.clear();
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      // As good as random from row to row: selected, not branched on. An ignored row has no
      // summary to speak of.
      const bool counted = summaries.flags[i] != 0;
      const int32_t best = counted ? summaries.argmax[i] : 0;
      const bool reaches = counted && summaries.maximum[i] >= limits.limits[best];
      guesses_[i] = reaches ? best : kNotConfident;
      if (counted & !reaches & (summaries.second[i] >= limits.lowest)) {
        unclear_.push_back(static_cast<uint32_t>(i));
      }
    }
    if (!unclear_.empty()) look_at_unclear(tile.rows, limits, collision);
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      const bool off_diagonal = ((summaries.flags[i] & kDisagrees) != 0) &
                                (guesses_[i] != kNotConfident) & (guesses_[i] != tile.labels[i]);
      summaries.flags[i] |= static_cast<uint8_t>(off_diagonal ? kOffDiagonal : 0);
    }
    return guesses_.data();
  }

 private:
  template <class T>
  void look_at_unclear(Rows<T> rows, const ConfidenceLimits<Wide<T>>& limits, Collision collision) {
    rows.indices = unclear_.data();
    rows.count = static_cast<int64_t>(unclear_.size());
    unclear_guesses_.resize(unclear_.size());
    confident_classes(rows, limits.limits.data(), collision == Collision::kConfidentArgmax,
                      unclear_guesses_.data());
    for (size_t u = 0; u < unclear_.size(); ++u) guesses_[unclear_[u]] = unclear_guesses_[u];
  }

  std::vector<int32_t> guesses_;
  std::vector<uint32_t> unclear_;
  std::vector<int32_t> unclear_guesses_;
};

}  // namespace labelsieve
