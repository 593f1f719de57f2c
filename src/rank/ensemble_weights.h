// Checks that ensembles share.
#pragma once

#include <cstddef>
#include <span>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

/// Throws Error unless there is a model and all have the shape that the labels ask for.
void check_ensemble(const LabelsView& labels, std::span<const MatrixView> pred_probs);

/// Throws Error unless there is one weight per model.
void check_num_weights(size_t weights, size_t models);

}  // namespace labelsieve
