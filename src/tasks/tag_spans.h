// Spans of sentences whose labels are decoded.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/tag_scheme.h"

namespace labelsieve {

/// spans_from_labels() of class indices, kIgnored for ignored tokens.
std::vector<Span> form_spans(const TagSet& tags, std::span<const int32_t> labels);

}  // namespace labelsieve
