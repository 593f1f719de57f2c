// What has to be known of the rows of a tile, checked.
#pragma once

#include <cstdint>
#include <vector>

#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/row_summary_kernel.h"

namespace labelsieve {

/// summarize_rows() of a tile; throws for its first invalid row.
template <class T>
RowSummaryResult summarize_tile(const Tile<T>& tile, int64_t first_row, const RowSummaries& out,
                                const RowFindings<Wide<T>>& findings) {
  const RowSummaryResult result = summarize_rows(tile.rows, tile.labels, out, findings);
  if (result.invalid_row >= 0) {
    refuse_row(tile.rows.row(result.invalid_row), tile.rows.columns,
               first_row + tile.first + result.invalid_row);
  }
  return result;
}

/// A worker's memory for what is known of each row only while the pass is at its tile.
template <class W>
class TileFindings {
 public:
  explicit TileFindings(int64_t rows)
      : self_confidence_(static_cast<size_t>(rows)),
        disagreeing_(static_cast<size_t>(rows + kSummaryPadding)) {}

  RowFindings<W> view() { return {self_confidence_.data(), disagreeing_.data()}; }

 private:
  std::vector<W> self_confidence_;
  std::vector<uint32_t> disagreeing_;
};

/// A worker's memory for the summaries of a tile, where they are not kept either.
template <class W>
class TileSummary {
 public:
  explicit TileSummary(int64_t rows)
      : maximum_(static_cast<size_t>(rows)),
        argmax_(static_cast<size_t>(rows)),
        second_(static_cast<size_t>(rows)),
        flags_(static_cast<size_t>(rows)),
        findings_(rows) {}

  /// Throws for an invalid row.
  template <class T>
  RowSummaryResult summarize(const Tile<T>& tile, int64_t first_row) {
    return summarize_tile(tile, first_row, rows(), findings());
  }

  RowSummaries rows() { return {maximum_.data(), argmax_.data(), second_.data(), flags_.data()}; }
  RowFindings<W> findings() { return findings_.view(); }

 private:
  std::vector<uint16_t> maximum_;
  std::vector<uint16_t> argmax_;
  std::vector<uint8_t> second_;
  std::vector<uint8_t> flags_;
  TileFindings<W> findings_;
};

}  // namespace labelsieve
