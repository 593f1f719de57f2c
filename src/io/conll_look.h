// Does a text look like tokens with the tags of spans?
#pragma once

#include <string_view>

#include "io/conll_line.h"

namespace labelsieve::io {

/// Whether the first line of a table names its columns: no corpus has a word "token" whose tag
/// is "tag".
bool names_columns(const LineCells& cells);

/// Whether the lines with which a text begins are tokens with tags of a scheme in the last column,
/// as O and B-PER: all of them, in as many columns each. `is_table`: it may be one of examples as
/// well, so that a blank line between two tokens is needed too, and the first line may name the
/// columns. `is_whole`: the last line is not cut off. Cost: the first 64 kilobytes.
bool begins_with_tagged_tokens(std::string_view text, bool is_table, bool is_whole);

}  // namespace labelsieve::io
