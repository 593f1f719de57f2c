// Thresholds and joints of all classes, in two passes.
#pragma once

#include "labelsieve/multilabel_classification.h"

namespace labelsieve {

/// Exact sums of the given sides' probabilities of all classes: what one worker has added, and what
/// all of them have. A value that can be merged in any order.
class MultilabelSums {
 public:
  explicit MultilabelSums(int64_t num_classes);

  /// Adds the examples of a block.
  void add(const MultilabelBlock& block, int64_t total_rows, const Execution& execution);

  std::vector<AbsentPresent<double>> thresholds() const;
  std::vector<AbsentPresent<int64_t>> label_counts() const;
  int64_t num_examples() const { return num_examples_; }

 private:
  class Worker;

  std::vector<AbsentPresent<__int128>> sums_;  // multiples of 2^-80
  std::vector<int64_t> num_present_;
  int64_t num_examples_ = 0;
};

/// Thresholds alone, from one pass.
std::vector<AbsentPresent<double>> multilabel_thresholds(MultilabelSource& source,
                                                         const Execution& execution);

/// Throws Error{kInvalidArgument} unless there are none or one pair per class.
void check_multilabel_thresholds(const std::vector<AbsentPresent<double>>& thresholds,
                                 int64_t num_classes);

}  // namespace labelsieve
