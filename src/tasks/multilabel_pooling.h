// From the scores of an example's classes to one score.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "kernels/multilabel_score_kernel.h"
#include "labelsieve/multilabel_classification.h"

namespace labelsieve {

/// Pools rows of scores, one after another. Immutable, so that all threads use one.
class ScorePooler {
 public:
  /// Throws Error{kInvalidArgument} for options out of their range.
  ScorePooler(const PoolingOptions& options, int64_t num_classes);

  /// out[i] from the num_classes scores at scores + i · num_classes, which are overwritten.
  void pool(double* scores, int64_t rows, double* out) const;

 private:
  void moving_average(double* scores, int64_t rows, double* out) const;

  PoolingOptions options_;
  int64_t num_classes_;
  double alpha_ = 0;
  std::vector<Comparator> network_;  // for few classes
  int64_t num_lowest_ = 0;           // scores that the average depends on
};

}  // namespace labelsieve
