// A token a line: CoNLL-2003 and files of the same make with any number of columns, and CoNLL-U.
#pragma once

#include <string>

#include "io/file_bytes.h"
#include "io/token_part.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::io {

/// Parses the bytes of a file (not gzipped) in pieces of about `piece_bytes`, which leave no trace
/// in the result; the words point into the bytes. Throws Error{kInvalidData} naming the line,
/// Error{kInvalidArgument} for a misc_key in a format other than CoNLL-U and for negative columns.
TokenPart read_conll(const FileBytes& bytes, const std::string& file, TokenFormat format,
                     const TokenReadOptions& options, int64_t piece_bytes = int64_t{1} << 20);

}  // namespace labelsieve::io
