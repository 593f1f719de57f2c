#include "filter/row_gaps.h"

#include "count/tile_summary.h"
#include "kernels/for_each_tile.h"

namespace labelsieve {

std::vector<uint8_t> row_gaps(Source& source, int64_t num_rows, const Execution& execution) {
  std::vector<uint8_t> gaps(static_cast<size_t>(num_rows));
  source.reset();
  for (Block block; source.next(block);) {
    const auto workers = static_cast<size_t>(tile_workers(block, execution));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<TileSummary<Wide<T>>> summaries(
          workers, TileSummary<Wide<T>>(tile_rows(block.pred_probs)));
      for_each_tile<T>(block, execution, "margins", num_rows, [&](const Tile<T>& tile) {
        TileSummary<Wide<T>>& summary = summaries[static_cast<size_t>(tile.worker)];
        summary.summarize(tile, block.first_row);
        const RowSummaries found = summary.rows();
        const int64_t first = block.first_row + tile.first;
        for (int64_t i = 0; i < tile.rows.count; ++i) {
          gaps[static_cast<size_t>(first + i)] = gap_code(found.maximum[i], found.second[i]);
        }
      });
    });
  }
  return gaps;
}

}  // namespace labelsieve
