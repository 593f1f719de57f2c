// Thresholds, joint and row flags in two passes: what finding issues starts with.
#pragma once

#include <cstdint>
#include <vector>

#include "count/block_summaries.h"
#include "count/confusion_sums.h"
#include "count/large_margins.h"
#include "labelsieve/count.h"

namespace labelsieve {

/// What is kept of the rows for those who go on with them. Null: not wanted.
struct KeptRows {
  std::vector<uint8_t>* flags = nullptr;             // RowFlags of every row
  std::vector<BlockSummaries>* summaries = nullptr;  // of all rows, in their order
  // One of these, not both. They use memory of the summaries, which must live as long.
  LargeMargins* margins = nullptr;
  ConfusionCounter* confusion = nullptr;  // gets all rows, and BlockSummaries::odds()
};

/// confident_joint(), and what `kept` asks for.
ConfidentJoint count_rows(Source& source, const ConfidentJointOptions& options,
                          const KeptRows& kept);

}  // namespace labelsieve
