// Thresholds, joint and row flags in two passes: what finding issues starts with.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/count.h"

namespace labelsieve {

/// confident_joint(), and RowFlags of every row into `row_flags` unless it is null.
ConfidentJoint count_rows(Source& source, const ConfidentJointOptions& options,
                          std::vector<uint8_t>* row_flags);

}  // namespace labelsieve
