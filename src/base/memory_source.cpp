#include <string>

#include "labelsieve/error.h"
#include "labelsieve/source.h"

namespace labelsieve {

MemorySource::MemorySource(const LabelsView& labels, const MatrixView& pred_probs)
    : labels_(labels), pred_probs_(pred_probs) {
  if (labels.size != pred_probs.rows) {
    throw Error(ErrorCode::kInvalidData, "there are " + std::to_string(labels.size) +
                                             " labels and " + std::to_string(pred_probs.rows) +
                                             " rows of probabilities; give one row for each label");
  }
  if (pred_probs.rows == 0) throw Error(ErrorCode::kInvalidData, "there are no examples");
  if (pred_probs.columns < 1) {
    throw Error(ErrorCode::kInvalidData,
                "the probabilities have no columns, one per class is needed");
  }
}

bool MemorySource::next(Block& block) {
  if (delivered_) return false;
  block = {0, labels_, pred_probs_};
  delivered_ = true;
  return true;
}

}  // namespace labelsieve
