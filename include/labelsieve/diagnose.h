// Diagnoses of an input, before its results are believed.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// What one pass over the data says of it. Rows that break a rule are counted, not refused.
struct Inspection {
  int64_t num_rows = 0;
  int64_t num_classes = 0;
  int64_t num_ignored = 0;
  std::vector<int64_t> label_counts;   ///< K.
  std::vector<int64_t> argmax_counts;  ///< K: rows whose argmax is the class.
  std::vector<int32_t>
      most_common_prediction;  ///< K: argmax of most rows with that label, -1 if none.
  double argmax_accuracy = 0;  ///< Of the argmax against the given labels.
  double min_row_sum = 0, max_row_sum = 0, mean_row_sum = 0;
  int64_t num_unnormalized_rows = 0;      ///< |row sum - 1| > 1e-2.
  int64_t num_outside_unit_interval = 0;  ///< Elements below -1e-6 or above 1 + 1e-6.
  int64_t num_not_finite = 0;             ///< Elements NaN or infinite.
};

/// One pass over all elements.
Inspection inspect(Source& source, const Execution& execution = {});

/// One finding, for people.
struct Diagnosis {
  std::string_view
      kind;             ///< logits, not_normalized, permuted_classes, in_sample, missing_classes, …
  std::string message;  ///< One or more sentences: what was seen, what to do.
};

/// What the numbers suggest; empty when nothing looks wrong. `class_names` may be empty.
std::vector<Diagnosis> diagnose(const Inspection& inspection,
                                const std::vector<std::string>& class_names);

}  // namespace labelsieve
