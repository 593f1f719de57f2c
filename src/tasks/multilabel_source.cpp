#include "labelsieve/multilabel_source.h"

#include <string>

#include "labelsieve/error.h"

namespace labelsieve {

MultilabelMemorySource::MultilabelMemorySource(const LabelSetsView& labels,
                                               const MatrixView& pred_probs)
    : labels_(labels), pred_probs_(pred_probs) {
  const auto refuse = [](const std::string& message) {
    throw Error(ErrorCode::kInvalidData, message);
  };
  if (labels.rows() != pred_probs.rows) {
    refuse("there are " + std::to_string(labels.rows()) + " label sets and " +
           std::to_string(pred_probs.rows) + " rows of probabilities; give one row for each set");
  }
  if (pred_probs.rows == 0) refuse("there are no examples");
  if (pred_probs.columns < 1) refuse("the probabilities have no columns, one per class is needed");
  if (labels.layout() == LabelSetLayout::kMatrix && labels.elements().size != pred_probs.columns) {
    refuse("the label matrix has " + std::to_string(labels.elements().size) +
           " columns, the probabilities " + std::to_string(pred_probs.columns) +
           "; both need one per class");
  }
}

bool MultilabelMemorySource::next(MultilabelBlock& block) {
  if (delivered_) return false;
  block = {0, labels_, pred_probs_};
  delivered_ = true;
  return true;
}

}  // namespace labelsieve
