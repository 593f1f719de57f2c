// Diagnoses of multi-label data, before its results are believed.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labelsieve/diagnose.h"
#include "labelsieve/execution.h"
#include "labelsieve/multilabel_source.h"

namespace labelsieve {

/// What one pass over the data says of it. Probabilities that break a rule are counted, not
/// refused; means and sums leave out those that are not finite.
struct MultilabelInspection {
  int64_t num_rows = 0;
  int64_t num_classes = 0;
  int64_t num_ignored = 0;
  std::vector<int64_t> label_counts;      ///< K: examples with the class.
  std::vector<int64_t> predicted_counts;  ///< K: examples whose probability is above 0.5.
  std::vector<int64_t> agreeing_counts;   ///< K: examples with both.
  std::vector<double> mean_given;  ///< K: mean probability where the class is given; NaN if never.
  std::vector<double> mean_missing;  ///< K: the same where it is not.
  int64_t num_empty_sets = 0;
  int64_t max_set_size = 0;
  double mean_set_size = 0;
  int64_t num_normalized_rows = 0;        ///< |row sum - 1| <= 1e-2.
  int64_t num_outside_unit_interval = 0;  ///< Elements below -1e-6 or above 1 + 1e-6.
  int64_t num_not_finite = 0;             ///< Elements NaN or infinite.
};

/// One pass over all elements. Throws Error{kInvalidData} for invalid label sets only.
MultilabelInspection inspect(MultilabelSource& source, const Execution& execution = {});

/// What the numbers suggest: not_finite, logits, softmax, unrelated_classes, in_sample,
/// missing_classes, universal_classes; empty when nothing looks wrong. `class_names` may be empty.
std::vector<Diagnosis> diagnose(const MultilabelInspection& inspection,
                                const std::vector<std::string>& class_names);

}  // namespace labelsieve
