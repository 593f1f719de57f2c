#include <vector>

#include "count/argmax_counter.h"
#include "count/check_thresholds.h"
#include "count/confidence_limits.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/rank.h"
#include "rank/score_tile.h"

namespace labelsieve {

ArgmaxCounts score_and_count(Source& source, std::span<const double> thresholds,
                             const ScoreOptions& options, std::span<double> scores) {
  check_thresholds(thresholds.size(), source.num_classes());
  const TileScorer scorer(source, options);
  ArgmaxCounts total(thresholds.size());
  int64_t rows = 0;
  source.reset();
  for (Block block; source.next(block);) {
    rows = block.first_row + block.pred_probs.rows;
    if (rows > static_cast<int64_t>(scores.size())) break;
    double* out = scores.data() + block.first_row;
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      const ConfidenceLimits<Wide<T>> limits({thresholds.begin(), thresholds.end()});
      std::vector<ArgmaxCounter<Wide<T>>> counters(
          static_cast<size_t>(tile_workers(block, options.execution)),
          ArgmaxCounter<Wide<T>>(thresholds.size()));
      for_each_tile<T>(block, options.execution, "scores", source.num_rows(),
                       [&](const Tile<T>& tile) {
                         counters[static_cast<size_t>(tile.worker)].add(
                             tile, block.first_row, limits,
                             [&](const Tile<T>& part, const Wide<T>* self_confidence) {
                               scorer.score_valid(part, self_confidence, out + part.first);
                             });
                       });
      for (const ArgmaxCounter<Wide<T>>& counter : counters) counter.add_to(total);
    });
  }
  check_room_for_scores(scores.size(), rows);
  return total;
}

}  // namespace labelsieve
