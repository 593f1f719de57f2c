// Spans of a text in JSON, and the tokens that they cover.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/label_dictionary.h"
#include "labelsieve/tag_scheme.h"
#include "labelsieve/text_spans.h"

namespace labelsieve::io {

/// The spans of one text.
struct SentenceSpans {
  std::vector<Span> spans;  ///< In order and without overlaps; types are codes of the dictionary.
  int64_t num_cut = 0;      ///< Those that begin or end within a token, which they get whole.
  std::string overlap;      ///< What is wrong where two share a token; empty: nothing is.
};

/// Reads a list of {"start", "end", "label"}, with "text" the surface where it is given, or of
/// [start, end, label]; equal ones count once. `ranges` are the tokens of the text, in order.
/// Throws Error{kInvalidData}, without a line, for all that is wrong but overlaps.
SentenceSpans parse_json_spans(const simdjson::dom::element& spans, std::string_view text,
                               std::span<const ByteRange> ranges, OffsetUnit unit,
                               LabelDictionary& types);

/// The non-negative integer of a key. Throws Error{kInvalidData}, without a line.
int64_t json_offset(const simdjson::dom::element& value, std::string_view what);

}  // namespace labelsieve::io
