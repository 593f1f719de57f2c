// The two prune filters: which examples of each given class to prune.
#pragma once

#include <cstdint>
#include <span>

#include "count/block_summaries.h"
#include "count/large_margins.h"
#include "labelsieve/execution.h"
#include "labelsieve/source.h"
#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// What both filters work on.
struct PruneInput {
  Source& source;
  const SparseMatrix<int64_t>& counts;    // see prune_counts()
  std::span<const int64_t> label_counts;  // K
  int64_t min_examples_per_class = 1;     // classes with no more examples stay whole
  const Execution& execution;
  std::span<const BlockSummaries> summaries = {};  // of all rows; prune_by_class() needs none
};

/// Sets `bit` in the flags of the examples to prune. `flags` has RowFlags for every example; only
/// those that disagree are ever marked.
/// `margins` are those of all rows, or incomplete.
void prune_by_noise_rate(const PruneInput& input, const LargeMargins& margins, uint8_t bit,
                         std::span<uint8_t> flags);
void prune_by_class(const PruneInput& input, uint8_t bit, std::span<uint8_t> flags);

}  // namespace labelsieve
