// What the options of a filter must satisfy, whatever it filters.
#pragma once

#include <cstdint>

#include "labelsieve/filter.h"

namespace labelsieve {

/// Whether the filter prunes by a joint.
bool is_prune_filter(FilterBy filter);

/// Checks all but the joint and the thresholds. Throws Error{kInvalidArgument}.
void check_filter_options(const FilterOptions& options, int64_t num_classes);

}  // namespace labelsieve
