#include "base/crew.h"
#include "count/argmax_counter.h"
#include "count/check_thresholds.h"
#include "labelsieve/rank.h"
#include "rank/score_tile.h"

namespace labelsieve {

ArgmaxCounts score_and_count(Source& source, std::span<const double> thresholds,
                             const ScoreOptions& options, std::span<double> scores) {
  const CrewScope scope;
  check_thresholds(thresholds.size(), source.num_classes());
  const TileScorer scorer(source, options);
  ArgmaxCounts total(thresholds.size());
  int64_t rows = 0;
  source.reset();
  for (Block block; source.next(block);) {
    rows = block.first_row + block.pred_probs.rows;
    if (rows > static_cast<int64_t>(scores.size())) break;
    double* out = scores.data() + block.first_row;
    count_argmaxes(block, thresholds, source.num_rows(), options.execution, total,
                   [&](const auto& part, const auto* self_confidence) {
                     scorer.score_valid(part, self_confidence, out + part.first);
                   });
  }
  check_room_for_scores(scores.size(), rows);
  return total;
}

}  // namespace labelsieve
