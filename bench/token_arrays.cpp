#include "token_arrays.h"

#include <stdexcept>

namespace labelsieve_bench {

TokenArrays::TokenArrays(const std::vector<int64_t>& lengths, labelsieve::MemorySource source)
    : offsets_(labelsieve::offsets_from_lengths(lengths)) {
  labelsieve::Block block;
  if (!source.next(block) || block.pred_probs.type != labelsieve::FloatType::kFloat32 ||
      block.labels.type != labelsieve::IntType::kInt64) {
    throw std::runtime_error("the benchmarks of tokens use float32 and int64");
  }
  const auto* labels = static_cast<const int64_t*>(block.labels.data);
  const auto* probs = static_cast<const float*>(block.pred_probs.data);
  const auto rows = static_cast<size_t>(block.pred_probs.rows);
  const auto columns = static_cast<size_t>(block.pred_probs.columns);
  labels_.resize(rows);
  probs_.resize(rows);
  for (size_t i = 0; i < rows; ++i) {
    labels_[i] = labels[i] != 0 ? 1 : 0;
    probs_[i] = 1 - probs[i * columns];
  }
}

labelsieve::MemorySource TokenArrays::inside() const {
  const auto rows = static_cast<int64_t>(labels_.size());
  return {labelsieve::LabelsView(labels_.data(), rows),
          labelsieve::MatrixView(probs_.data(), rows, 1)};
}

}  // namespace labelsieve_bench
