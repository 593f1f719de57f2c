// The examples whose best rival beats the given label.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/pair_counts.h"
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

/// All of them, in parts of any order: who found what depends on the threads.
struct Disagreements {
  std::vector<std::vector<Disagreement>> parts;
  PairCounts pairs;  // (rival, given)
};

/// Looks for them. `odds` are those of AutoFit. Cost: the rows that may disagree.
Disagreements find_disagreements(Source& source, const AutoScorer& scorer,
                                 std::span<const float> odds, const Execution& execution);

}  // namespace labelsieve
