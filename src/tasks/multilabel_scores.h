// Scores of the labels of a tile, by any method.
#pragma once

#include <algorithm>
#include <vector>

#include "kernels/multilabel_score_kernel.h"
#include "labelsieve/multilabel_classification.h"
#include "rank/auto_scorer.h"
#include "tasks/multilabel_auto.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {

/// Scores labels as the options say.
class LabelScorer {
 public:
  /// Estimates the thresholds where they are needed and not given: one pass.
  /// Throws Error{kInvalidArgument} for options that do not fit.
  LabelScorer(MultilabelSource& source, const MultilabelScoreOptions& options);

  /// out[i · K + k] for the rows of the tile; throws for an invalid probability.
  template <class T>
  void score(const MultilabelTile<T>& tile, double* out) const {
    bool valid = true;
    if (!models_.empty()) {
      if (!score_automatically(tile.in, out)) refuse_tile(tile);
      return;
    }
    for_each_folded(
        tile.in, thresholds_.empty() ? fold_ : 1, [&](const LabelledRows<T>& rows, int64_t first) {
          double* part = out + first * tile.in.rows.columns;
          valid =
              valid && (thresholds_.empty() ? score_rows(rows, part) : score_adjusted(rows, part));
        });
    if (!valid) refuse_tile(tile);
  }

 private:
  template <class T>
  bool score_rows(const LabelledRows<T>& rows, double* out) const {
    switch (method_) {
      case Method::kSelfConfidence: return self_confidence_of_labels(rows, out);
      case Method::kNormalizedMargin: return normalized_margin_of_labels(rows, out);
      default: return confidence_weighted_entropy_of_labels(rows, out);
    }
  }

  /// By the model of each class.
  template <class T>
  bool score_automatically(const LabelledRows<T>& in, double* out) const {
    const ProbabilityBounds<Wide<T>> bounds;
    const uint8_t* labels = in.labels;
    bool valid = true;
    for (int64_t i = 0; i < in.rows.count; ++i) {
      const T* row = in.rows.row(i);
      for (const AutoModel& model : models_) {
        const Wide<T> p = widen(*row++);
        valid = valid && bounds.contain(p);
        const double sides[2] = {static_cast<double>(1 - p), static_cast<double>(p)};
        const bool given = *labels++ != 0;
        *out++ = quality_of(binary_log_odds(model, given, sides[given], sides[!given]));
      }
    }
    return valid;
  }

  /// With the thresholds subtracted, the higher of them added and each pair divided by its sum.
  template <class T>
  bool score_adjusted(const LabelledRows<T>& in, double* out) const {
    const ProbabilityBounds<Wide<T>> bounds;
    const uint8_t* labels = in.labels;
    bool valid = true;
    for (int64_t i = 0; i < in.rows.count; ++i) {
      const T* row = in.rows.row(i);
      for (const AbsentPresent<double>& threshold : thresholds_) {
        const Wide<T> p = widen(*row++);
        valid = valid && bounds.contain(p);
        const double highest = std::max(threshold[0], threshold[1]);
        const double sides[2] = {static_cast<double>(1 - p) - threshold[0] + highest,
                                 static_cast<double>(p) - threshold[1] + highest};
        const double sum = sides[0] + sides[1];
        const double own = sides[*labels] / sum;
        const double score =
            method_ == Method::kSelfConfidence ? own : (own - sides[1 - *labels] / sum + 1) / 2;
        *out++ = std::clamp(score, 0.0, 1.0);
        ++labels;
      }
    }
    return valid;
  }

  Method method_;
  int64_t fold_;
  std::vector<AbsentPresent<double>> thresholds_;  // empty: nothing is adjusted
  std::vector<AutoModel> models_;                  // of kAuto, one per class
};

}  // namespace labelsieve
