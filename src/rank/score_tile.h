// Scores of the rows of a tile, by any method.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/for_each_tile.h"
#include "labelsieve/rank.h"

namespace labelsieve {

/// Checks that the options fit each other and the number of classes.
/// Throws Error{kInvalidArgument}.
void check_score_options(const ScoreOptions& options, int64_t num_classes);

/// The thresholds that adjust_pred_probs needs: those of the options, else the source's own; empty
/// where nothing is adjusted.
std::vector<double> adjustment_thresholds(Source& source, const ScoreOptions& options);

/// Writes one score per row of the tile, NaN for ignored rows. `thresholds` as
/// adjustment_thresholds() gives them. Returns the position of the first row with an invalid
/// probability, or kAllRowsValid.
template <class T>
int64_t score_tile(const Tile<T>& tile, Method method, std::span<const double> thresholds,
                   double* out);

}  // namespace labelsieve
