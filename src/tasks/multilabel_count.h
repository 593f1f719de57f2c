// What counting shares: thresholds alone, and checks.
#pragma once

#include "labelsieve/multilabel_count.h"

namespace labelsieve {

/// Thresholds alone, from one pass.
std::vector<AbsentPresent<double>> multilabel_thresholds(MultilabelSource& source,
                                                         const Execution& execution);

/// Throws Error{kInvalidArgument} unless a block has as many columns as an accumulator classes.
void check_num_classes(size_t num_classes, const MatrixView& pred_probs);

/// Throws Error{kInvalidArgument} unless there are none or one pair per class.
void check_multilabel_thresholds(const std::vector<AbsentPresent<double>>& thresholds,
                                 int64_t num_classes);

}  // namespace labelsieve
