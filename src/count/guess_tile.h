// From what is known of rows to the classes they are confidently in.
#pragma once

#include <cstdint>
#include <vector>

#include "count/confidence_limits.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/guess_kernel.h"
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
  /// whose second largest reaches no threshold is not confident. Only the rest are looked at, and
  /// the few whose code is that of the threshold.
  template <class T>
  const int32_t* guess(const Tile<T>& tile, const RowSummaries& summaries,
                       const ConfidenceLimits<Wide<T>>& limits, Collision collision) {
    const int64_t count = tile.rows.count;
    guesses_.resize(static_cast<size_t>(count));
    unclear_.resize(static_cast<size_t>(count + kGuessPadding));
    const LimitCodes codes{limits.codes.data(), tile.rows.columns, limits.lowest_code};
    const int64_t num_unclear =
        guess_rows(summaries, tile.labels, count, codes, guesses_.data(), unclear_.data());
    unclear_.resize(static_cast<size_t>(num_unclear));
    if (num_unclear > 0) look_at_unclear(tile.rows, limits, collision);
    for (const uint32_t i : unclear_) {
      const bool is_off = (summaries.flags[i] & kDisagrees) != 0 && guesses_[i] != kNotConfident &&
                          guesses_[i] != tile.labels[i];
      if (is_off) summaries.flags[i] |= kOffDiagonal;
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
