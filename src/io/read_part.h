// One input file, whatever its format.
#pragma once

#include <string>

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// The format that the name of a file ends in. Throws Error{kInvalidArgument} for other names.
InputFormat format_of(const std::string& path);

/// Parses the bytes of a file. `file` is what errors call it.
Part read_part_bytes(const FileBytes& bytes, const std::string& file, InputFormat format,
                     Wanted wanted, const ReadOptions& options);

/// Opens and parses a file.
Part read_part(const std::string& path, Wanted wanted, const ReadOptions& options);

}  // namespace labelsieve::io
