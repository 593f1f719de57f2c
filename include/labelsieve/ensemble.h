// Several models' probabilities for the same labels.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "labelsieve/rank.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// How the members of an ensemble are weighted (definitions.md §1).
enum class EnsembleWeights : uint8_t {
  kUniform,
  kAccuracy,       ///< By the accuracy of the argmax against the given labels. The default.
  kLogLossSearch,  ///< exp(-t · log loss), t with the lowest log loss of the weighted average.
  kCustom,         ///< As given in EnsembleOptions::custom_weights, not normalised.
};

struct EnsembleOptions {
  // Parameters that affect the answer.
  EnsembleWeights weights = EnsembleWeights::kAccuracy;
  std::vector<double> custom_weights = {};  ///< One per model, for kCustom only.
  std::vector<double> log_loss_search_t = {1e-4, 1e-3, 1e-2, 1e-1, 1, 10, 100, 200};

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// The weight of each model. Throws Error{kInvalidArgument} when there is no model, when shapes
/// differ, or when custom weights and the scheme do not fit. Cost: one pass over each matrix
/// (kLogLossSearch: one per matrix and one more per t).
std::vector<double> ensemble_weights(const LabelsView& labels,
                                     std::span<const MatrixView> pred_probs,
                                     const EnsembleOptions& options = {});

/// Σ weight_m · score_m per example. With adjust_pred_probs each model has its own thresholds.
std::vector<double> ensemble_label_quality_scores(const LabelsView& labels,
                                                  std::span<const MatrixView> pred_probs,
                                                  std::span<const double> weights,
                                                  const ScoreOptions& options = {});

/// The weighted mean of the models' probabilities (weights divided by their sum), computed block
/// by block in double precision: the matrix of means is never held whole. Invalid probabilities
/// are an Error that names the model, counted from 0.
class AveragedSource final : public Source {
 public:
  /// Throws Error as MemorySource and ensemble_weights do.
  AveragedSource(const LabelsView& labels, std::span<const MatrixView> pred_probs,
                 std::span<const double> weights, const Execution& execution = {});

  int64_t num_classes() const override { return pred_probs_.front().columns; }
  int64_t num_rows() const override { return labels_.size; }
  bool next(Block& block) override;
  void reset() override { next_row_ = 0; }

 private:
  LabelsView labels_;
  std::vector<MatrixView> pred_probs_;
  std::vector<double> weights_;  // divided by their sum
  Execution execution_;
  std::vector<double> means_;  // of the current block
  int64_t next_row_ = 0;
};

}  // namespace labelsieve
