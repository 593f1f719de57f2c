// From the parts of a multi-label dataset to the dataset.
#pragma once

#include "io/arrays.h"
#include "io/part.h"
#include "labelsieve/multilabel_dataset.h"
#include "labelsieve/read_multilabel.h"

namespace labelsieve::io {

/// How the options say that sets are written.
SetForm set_form_of(const MultilabelReadOptions& options);

/// Joins sets of labels and probabilities, resolves class names and labels, and marks invalid rows.
/// `labels` may hold both: then `model` is null.
MultilabelDataset assemble_multilabel(Part labels, Part* model,
                                      const MultilabelReadOptions& options);

}  // namespace labelsieve::io
