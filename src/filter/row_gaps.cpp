#include "filter/row_gaps.h"

#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/row_summary_kernel.h"

namespace labelsieve {
namespace {

/// A worker's memory for the summaries of a tile.
template <class W>
struct Scratch {
  explicit Scratch(size_t rows)
      : codes(3 * rows),
        flags(rows),
        self_confidence(rows),
        disagreeing(rows + static_cast<size_t>(kSummaryPadding)) {}

  RowSummaries summaries() {
    const size_t rows = flags.size();
    return {codes.data(), codes.data() + rows, codes.data() + 2 * rows, flags.data()};
  }
  RowFindings<W> findings() { return {self_confidence.data(), disagreeing.data()}; }

  std::vector<uint16_t> codes;
  std::vector<uint8_t> flags;
  std::vector<W> self_confidence;
  std::vector<uint32_t> disagreeing;
};

}  // namespace

std::vector<uint8_t> row_gaps(Source& source, int64_t num_rows, const Execution& execution) {
  std::vector<uint8_t> gaps(static_cast<size_t>(num_rows));
  source.reset();
  for (Block block; source.next(block);) {
    const auto workers = static_cast<size_t>(tile_workers(block, execution));
    const auto rows = static_cast<size_t>(tile_rows(block.pred_probs));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<Scratch<Wide<T>>> scratches(workers, Scratch<Wide<T>>(rows));
      for_each_tile<T>(block, execution, "margins", num_rows, [&](const Tile<T>& tile) {
        Scratch<Wide<T>>& scratch = scratches[static_cast<size_t>(tile.worker)];
        const RowSummaries found = scratch.summaries();
        const int64_t first = block.first_row + tile.first;
        const RowSummaryResult result =
            summarize_rows(tile.rows, tile.labels, found, scratch.findings());
        if (result.invalid_row >= 0) {
          refuse_row(tile.rows.row(result.invalid_row), tile.rows.columns,
                     first + result.invalid_row);
        }
        for (int64_t i = 0; i < tile.rows.count; ++i) {
          gaps[static_cast<size_t>(first + i)] = gap_code(found.maximum[i], found.second[i]);
        }
      });
    });
  }
  return gaps;
}

}  // namespace labelsieve
