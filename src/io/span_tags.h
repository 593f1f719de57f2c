// From spans of tokens to the tags that say the same.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "io/token_part.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::io {

/// A tag for every token, in the scheme of the class names: those given, else those of the models;
/// without names IOB2. A single column of probabilities without a name is that of the one type:
/// it is given its name, and the tags are O and the type. Throws Error{kInvalidData} for one
/// column and several types.
LabelColumn tags_of_spans(const SpanColumn& column, std::span<const int64_t> offsets,
                          std::vector<Part>& models, const TokenReadOptions& options);

}  // namespace labelsieve::io
