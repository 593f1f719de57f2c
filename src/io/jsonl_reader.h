// JSON lines: one object a line.
#pragma once

#include <string>

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Reads objects in parallel; the first one says which keys hold what. Throws Error{kInvalidData}
/// naming line and key. The size of the pieces never changes an answer.
Part read_jsonl(const FileBytes& bytes, const std::string& file, Wanted wanted,
                const ReadOptions& options, int64_t piece_bytes = int64_t{1} << 21);

}  // namespace labelsieve::io
