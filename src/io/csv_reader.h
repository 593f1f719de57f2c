// Tables of comma-, semicolon- or tab-separated values.
#pragma once

#include <string>

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Text is cut into pieces of about this size; threads take two at a time.
inline constexpr int64_t kPieceBytes = int64_t{1} << 20;

/// Reads a table in parallel. With `tabs` the separator is the tab, else the most frequent of
/// comma, semicolon and tab in the header. Throws Error{kInvalidData} naming line and column.
/// The size of the pieces never changes an answer.
Part read_csv(const FileBytes& bytes, const std::string& file, bool tabs, Wanted wanted,
              const ReadOptions& options, int64_t piece_bytes = kPieceBytes);

}  // namespace labelsieve::io
