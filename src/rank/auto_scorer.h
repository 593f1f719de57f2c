// Scores by the automatic method: the best rival of each given label, and the odds between them.
#pragma once

#include <cmath>
#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "kernels/rows.h"
#include "labelsieve/auto_model.h"

namespace labelsieve {

/// A fitted model made ready to look at examples. Thread-safe once it is made.
class AutoScorer {
 public:
  /// Throws Error{kInvalidArgument} unless the model is one for `num_classes` classes.
  AutoScorer(std::shared_ptr<const AutoModel> model, int64_t num_classes,
             const Execution& execution);

  const AutoModel& model() const { return *model_; }

  /// The rival of each label, and the log-odds that it, not the label, is right. The rows must be
  /// valid. Ignored rows, and all where there is one class only, get rival 0 and log-odds
  /// -infinity.
  /// With `winners_only`, log-odds that are not positive, and their rivals, may be too low: faster.
  template <class T>
  void score(const Rows<T>& rows, const int32_t* labels, bool winners_only, int32_t* rivals,
             double* log_odds) const;

  /// For each class, what the largest other probability over that of a label must exceed for
  /// log-odds that are positive.
  std::span<const float> least_odds() const { return least_odds_; }

 private:
  std::shared_ptr<const AutoModel> model_;
  std::vector<double> factors_;          // e^(w / β), 0 on the diagonal, in padded rows
  std::vector<double> largest_factors_;  // of each row
  std::vector<float> least_odds_;
};

/// Log-odds of an error as a label quality.
inline double quality_of(double log_odds) { return 1 / (1 + std::exp(log_odds)); }

}  // namespace labelsieve
