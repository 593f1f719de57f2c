#include <vector>

#include "count/argmax_counter.h"
#include "count/check_thresholds.h"
#include "count/confidence_limits.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/guesses.h"

namespace labelsieve {

ArgmaxCounts::ArgmaxCounts(size_t num_classes)
    : examples(num_classes), confident(num_classes), disagreeing(num_classes) {}

ArgmaxCounts count_confident_argmax(Source& source, std::span<const double> thresholds,
                                    const Execution& execution) {
  check_thresholds(thresholds.size(), source.num_classes());
  ArgmaxCounts total(thresholds.size());
  source.reset();
  for (Block block; source.next(block);) {
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      const ConfidenceLimits<Wide<T>> limits({thresholds.begin(), thresholds.end()});
      std::vector<ArgmaxCounter<Wide<T>>> counters(
          static_cast<size_t>(tile_workers(block, execution)),
          ArgmaxCounter<Wide<T>>(thresholds.size()));
      for_each_tile<T>(block, execution, "predictions", source.num_rows(),
                       [&](const Tile<T>& tile) {
                         counters[static_cast<size_t>(tile.worker)].add(
                             tile, block.first_row, limits, [](const auto&, const auto*) {});
                       });
      for (const ArgmaxCounter<Wide<T>>& counter : counters) counter.add_to(total);
    });
  }
  return total;
}

}  // namespace labelsieve
