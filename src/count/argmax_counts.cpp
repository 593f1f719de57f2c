#include "count/argmax_counter.h"
#include "count/check_thresholds.h"
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
    count_argmaxes(block, thresholds, source.num_rows(), execution, total,
                   [](const auto&, const auto*) {});
  }
  return total;
}

}  // namespace labelsieve
