// JSON lines of sentences: one object a line.
#pragma once

#include <string>

#include "io/file_bytes.h"
#include "io/token_json.h"

namespace labelsieve::io {

/// Reads objects in parallel; the first one says which keys hold what. The size of the pieces
/// leaves no trace in the result. Throws Error{kInvalidData} naming line and key.
TokenPart read_token_jsonl(const FileBytes& bytes, const std::string& file, TokenWanted wanted,
                           const TokenReadOptions& options, int64_t piece_bytes = int64_t{1} << 20);

/// Whether the first object of a text has a row of probabilities for each of several tokens.
bool holds_token_probabilities(std::string_view text, const std::string& file,
                               const TokenReadOptions& options);

/// Whether the first object of a text is a sentence (holds_sentences()).
bool begins_with_sentence(std::string_view text);

}  // namespace labelsieve::io
