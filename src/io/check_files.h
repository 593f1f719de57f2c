// Which files are named, before any is opened.
#pragma once

#include <string>
#include <vector>

#include "labelsieve/read.h"

namespace labelsieve::io {

/// Throws Error{kInvalidArgument} unless there are either one input file or files of labels and of
/// probabilities, and at most one of them is standard input.
void check_files(const ReadOptions& options);

/// The last of these for any file beside those of probabilities.
void check_streams(const std::string& file, const std::vector<std::string>& pred_probs);

}  // namespace labelsieve::io
