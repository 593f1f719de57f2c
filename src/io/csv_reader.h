// Tables of comma-, semicolon- or tab-separated values.
#pragma once

#include <string>

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Reads a table in parallel. With `tabs` the separator is the tab, else the most frequent of
/// comma, semicolon and tab in the header. Throws Error{kInvalidData} naming line and column.
Part read_csv(const FileBytes& bytes, const std::string& file, bool tabs, Wanted wanted,
              const ReadOptions& options);

}  // namespace labelsieve::io
