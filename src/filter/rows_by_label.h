// The rows of a block, grouped by their given label.
#pragma once

#include <cstdint>
#include <functional>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// Rows of at most this many examples are grouped at once, so that a position fits 32 bits and
/// grouping costs a bounded amount of memory.
inline constexpr int64_t kMaxGroupedRows = int64_t{1} << 26;

/// A counting sort: within a group the rows ascend.
struct RowsByLabel {
  std::vector<int64_t> offsets;  // K + 1
  std::vector<uint32_t> rows;    // positions in the block

  std::span<const uint32_t> group(int64_t label) const {
    return std::span(rows).subspan(static_cast<size_t>(offsets[label]),
                                   static_cast<size_t>(offsets[label + 1] - offsets[label]));
  }
};

/// Groups the rows of the block whose flags satisfy (flags & wanted_mask) == wanted; `flags` has
/// one byte per row (RowFlags).
RowsByLabel group_rows_by_label(const Block& block, std::span<const uint8_t> flags,
                                uint8_t wanted_mask, uint8_t wanted, const Execution& execution);

/// Cuts a block into pieces of at most kMaxGroupedRows rows and calls f(piece) for each.
void for_each_slice(const Block& block, const std::function<void(const Block&)>& f);

}  // namespace labelsieve
