// From the parts of a dataset to the dataset.
#pragma once

#include <vector>

#include "io/part.h"
#include "labelsieve/dataset.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// Joins labels and models, resolves class names and labels, and leaves out invalid rows.
/// `labels` may hold probabilities too: then `models` is empty.
Dataset assemble(Part labels, std::vector<Part> models, const ReadOptions& options);

/// Brings the rows of `model` into the order of `labels` by their ids; both have ids.
/// Throws Error{kInvalidData} for repeated, missing and extra ids, with examples and counts.
void join_by_id(const Part& labels, Part& model);

}  // namespace labelsieve::io
