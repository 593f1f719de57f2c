// The cut of the automatic method: how far down its ranking labels are wrong more often than not.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "count/block_summaries.h"
#include "labelsieve/auto_model.h"
#include "labelsieve/source.h"
#include "rank/auto_scorer.h"

namespace labelsieve {

/// What the cut works on.
struct AutoCutInput {
  Source& source;
  const AutoScorer& scorer;
  std::span<const BlockSummaries> kept;   // of all blocks, with their odds
  std::span<const int64_t> label_counts;  // K
  const Execution& execution;
};

/// Sets mask[i] to 1 for the examples above the cut, to 0 for the others.
/// The examples must have been checked. Cost: the rows that disagree with their label, or would
/// with the corrections of another rival; one sort of those that do.
ExpectedErrors cut_automatically(const AutoCutInput& input, std::span<uint8_t> mask);

}  // namespace labelsieve
