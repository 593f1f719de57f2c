// Fitting the automatic method, its pass over all rows apart.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "count/confusion_sums.h"
#include "labelsieve/auto_model.h"
#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// fit_auto_model() for those who pass over all rows for something else too.
class AutoFit {
 public:
  /// Fits the temperature.
  /// Throws Error{kInvalidData} without examples, and for the first that is invalid if one is met.
  AutoFit(Source& source, const Execution& execution);

  /// Wants all rows of the source, once.
  ConfusionCounter& confusion() { return *confusion_; }

  /// To be called after that.
  AutoModel model(const Execution& execution) const;

 private:
  int64_t num_classes_;
  double temperature_ = 1;
  std::optional<ConfusionCounter> confusion_;
};

}  // namespace labelsieve
