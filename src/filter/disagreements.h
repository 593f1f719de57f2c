// The examples whose best rival beats the given label, in the order of the automatic ranking.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"
#include "rank/auto_scorer.h"

namespace labelsieve {

/// An example whose rival wins.
struct Disagreement {
  double log_odds = 0;  // positive
  int64_t index = 0;
  int32_t given = 0;
  int32_t rival = 0;
};

/// All disagreements, those that are most likely errors first, ties to the lower index. `odds` are
/// those of fit_auto_model(). Cost: the rows that may disagree, and a sort of those that do.
std::vector<Disagreement> ranked_disagreements(Source& source, const AutoScorer& scorer,
                                               std::span<const float> odds,
                                               const Execution& execution);

}  // namespace labelsieve
