// The examples whose best rival beats the given label.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "count/block_summaries.h"
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

/// Looks for them in all blocks of the source. `kept` has as many elements, with the odds that a
/// ConfusionCounter found.
/// Cost: the rows that may disagree.
Disagreements find_disagreements(Source& source, const AutoScorer& scorer,
                                 std::span<const BlockSummaries> kept, const Execution& execution);

}  // namespace labelsieve
