#pragma once

#include <cstdint>
#include <string>

#include "base/refuse_argument.h"

namespace labelsieve {

/// Throws unless as many thresholds were given as there are classes.
inline void check_thresholds(size_t given, int64_t classes) {
  if (static_cast<int64_t>(given) == classes) return;
  refuse_argument(std::to_string(given) + " thresholds were given for " + std::to_string(classes) +
                  " classes; give one per class");
}

}  // namespace labelsieve
