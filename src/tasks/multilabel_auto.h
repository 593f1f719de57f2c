// The automatic method for sets of labels: every class as a problem with two classes.
#pragma once

#include <vector>

#include "labelsieve/auto_model.h"
#include "labelsieve/multilabel_classification.h"
#include "tasks/multilabel_choice.h"

namespace labelsieve {

/// One model per class, of absent (0) and present (1). One pass for as many classes as find room in
/// 64 MB, at least one. Throws Error{kInvalidData} naming row and column.
std::vector<AutoModel> fit_multilabel_models(MultilabelSource& source, const Execution& execution);

/// The labels that the automatic cut of each class takes, and what it learnt on the way.
struct MultilabelAutoCut {
  std::vector<TakenLabel> labels;  // by class, then by example
  std::vector<AutoModel> models;
  std::vector<ExpectedErrors> errors;
};
MultilabelAutoCut cut_label_sets(MultilabelSource& source, const Execution& execution);

/// Log-odds that the other side, not the given one, is right; their probabilities are those of the
/// problem with two classes.
double binary_log_odds(const AutoModel& model, bool given, double own, double other);

}  // namespace labelsieve
