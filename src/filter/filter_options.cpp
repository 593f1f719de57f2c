#include "filter/filter_options.h"

#include <algorithm>
#include <string>

#include "base/refuse_argument.h"

namespace labelsieve {
bool is_prune_filter(FilterBy filter) {
  return filter == FilterBy::kPruneByNoiseRate || filter == FilterBy::kPruneByClass ||
         filter == FilterBy::kBoth;
}

void check_filter_options(const FilterOptions& options, int64_t num_classes) {
  if (!(options.frac_noise >= 0 && options.frac_noise <= 1)) {
    refuse_argument("frac_noise must be in [0, 1]");
  }
  if (options.min_examples_per_class < 0) {
    refuse_argument("min_examples_per_class must not be negative");
  }
  const auto& removed = options.num_to_remove_per_class;
  if (!removed.empty()) {
    if (!is_prune_filter(options.filter_by)) {
      refuse_argument(
          "num_to_remove_per_class is not supported by this filter; use prune_by_noise_rate, "
          "prune_by_class or both");
    }
    if (removed.size() != 1 && static_cast<int64_t>(removed.size()) != num_classes) {
      refuse_argument("num_to_remove_per_class has " + std::to_string(removed.size()) +
                      " numbers for " + std::to_string(num_classes) +
                      " classes; give one for all or one per class");
    }
    if (std::any_of(removed.begin(), removed.end(), [](int64_t n) { return n < 0; })) {
      refuse_argument("num_to_remove_per_class must not be negative");
    }
  }
}

}  // namespace labelsieve
