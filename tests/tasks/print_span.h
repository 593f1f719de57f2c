// How GoogleTest shows a span.
#pragma once

#include <ostream>

#include "labelsieve/tag_scheme.h"

namespace labelsieve {

inline void PrintTo(const Span& span, std::ostream* out) {
  *out << '[' << span.start << ',' << span.end << ")=" << span.type;
}

}  // namespace labelsieve
