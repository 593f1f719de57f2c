// From a file of tokens and matrices of probabilities to a token dataset.
#pragma once

#include <string>
#include <vector>

#include "io/file_bytes.h"
#include "io/part.h"
#include "io/token_part.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::io {

/// Parses the bytes of a file of tokens, gzipped or not. `file` is what errors call it.
TokenPart read_token_bytes(const FileBytes& bytes, const std::string& file, TokenFormat format,
                           const TokenReadOptions& options);

/// A file of probabilities: rows in any format of classification data, or JSON lines with a list of
/// rows for each sentence, which must be as long as those of `tokens`. Throws Error{kInvalidData}
/// naming the line of a sentence that is not.
Part read_token_model(const std::string& path, const TokenPart& tokens,
                      const TokenReadOptions& options);

/// The options by which files of probabilities are read.
ReadOptions matrix_options_of(const TokenReadOptions& options);

/// Matches tags with class names, and tokens with rows. Without models the classes are those
/// given, else the tags. Throws Error{kInvalidData} as read_tokens().
TokenDataset assemble_tokens(TokenPart tokens, std::vector<Part> models,
                             const TokenReadOptions& options);

}  // namespace labelsieve::io
