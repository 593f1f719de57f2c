// Scores of the rows of a tile, by any method.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "kernels/for_each_tile.h"
#include "labelsieve/rank.h"
#include "rank/auto_scorer.h"

namespace labelsieve {

/// Checks that the options fit each other and the number of classes.
/// Throws Error{kInvalidArgument}.
void check_score_options(const ScoreOptions& options, int64_t num_classes);

/// Checks that a caller's memory has one element per example. Throws Error{kInvalidArgument}.
void check_room_for_scores(size_t room, int64_t num_examples);

/// What a method needs beside the rows. Thread-safe once it is made.
class TileScorer {
 public:
  /// Estimates from the source what the options ask for and do not give: the thresholds of
  /// adjust_pred_probs, the model of kAuto. Throws Error as label_quality_scores() does.
  TileScorer(Source& source, const ScoreOptions& options);

  /// Whether a score is one number of its row, as it is.
  bool only_fetches() const { return method_ == Method::kSelfConfidence && thresholds_.empty(); }

  /// Writes one score per row of the tile, NaN for ignored rows. `suggested`, unless null, holds
  /// the argmaxes of the rows, and gets what the method suggests instead. Returns the position of
  /// the first row with an invalid probability, or kAllRowsValid.
  template <class T>
  int64_t score(const Tile<T>& tile, double* out, int32_t* suggested = nullptr) const;

  /// The same for a tile whose probabilities are known to be valid, `self_confidence` those of its
  /// labels.
  template <class T>
  void score_valid(const Tile<T>& tile, const Wide<T>* self_confidence, double* out) const;

 private:
  template <class T>
  int64_t auto_scores(const Tile<T>& tile, double* out, int32_t* suggested) const;

  Method method_;
  std::vector<double> thresholds_;  // empty: nothing is adjusted
  std::optional<AutoScorer> auto_;  // of kAuto
};

}  // namespace labelsieve
