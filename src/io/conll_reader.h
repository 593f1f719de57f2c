// A token a line: CoNLL-2003 and files of the same make with any number of columns, and CoNLL-U.
#pragma once

#include <string>

#include "io/file_bytes.h"
#include "io/token_part.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::io {

/// Parses the bytes of a file (not gzipped) in one pass; the words point into them.
/// Throws Error{kInvalidData} naming the line, Error{kInvalidArgument} for a misc_key in a format
/// other than CoNLL-U and for negative columns.
TokenPart read_conll(const FileBytes& bytes, const std::string& file, TokenFormat format,
                     const TokenReadOptions& options);

}  // namespace labelsieve::io
