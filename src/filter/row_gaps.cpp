#include "filter/row_gaps.h"

#include <algorithm>

#include "base/parallel.h"

namespace labelsieve {

std::vector<uint8_t> row_gaps(std::span<const BlockSummaries> blocks, int64_t num_rows,
                              const Execution& execution) {
  constexpr int64_t kPiece = int64_t{1} << 17;
  std::vector<uint8_t> gaps(static_cast<size_t>(num_rows));
  int64_t begin = 0;
  for (const BlockSummaries& block : blocks) {
    const RowSummaries rows = block.with_flags(nullptr);
    uint8_t* const block_gaps = gaps.data() + begin;
    const Stage stage{"margins", begin, num_rows, kPiece};
    parallel_for((block.rows() + kPiece - 1) / kPiece, execution, stage, [&](int64_t piece, int) {
      // Copies, which bytes that are written cannot be.
      const int64_t first = piece * kPiece;
      const int64_t count = std::min(kPiece, block.rows() - first);
      const uint16_t* const maximum = rows.maximum + first;
      const uint8_t* const second = rows.second + first;
      uint8_t* const out = block_gaps + first;
      for (int64_t i = 0; i < count; ++i) out[i] = gap_code(maximum[i], second[i]);
    });
    begin += block.rows();
  }
  return gaps;
}

}  // namespace labelsieve
