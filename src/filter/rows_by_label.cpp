#include "filter/rows_by_label.h"

#include <algorithm>

#include "base/parallel.h"
#include "kernels/label_decode.h"

namespace labelsieve {
namespace {

/// Labels are decoded this many at a time.
constexpr int64_t kDecodedRows = 4096;

/// Calls f(position, label) for the wanted rows in [first, last).
template <class F>
void for_each_wanted(const Block& block, std::span<const uint8_t> flags, uint8_t wanted_mask,
                     uint8_t wanted, int64_t first, int64_t last, const F& f) {
  int32_t labels[kDecodedRows];
  for (int64_t start = first; start < last; start += kDecodedRows) {
    const int64_t count = std::min(kDecodedRows, last - start);
    decode_labels(block.labels, start, count, block.pred_probs.columns, block.first_row, labels);
    for (int64_t i = 0; i < count; ++i) {
      if ((flags[start + i] & wanted_mask) == wanted) f(start + i, labels[i]);
    }
  }
}

}  // namespace

RowsByLabel group_rows_by_label(const Block& block, std::span<const uint8_t> flags,
                                uint8_t wanted_mask, uint8_t wanted, const Execution& execution) {
  const int64_t rows = block.pred_probs.rows;
  const int64_t classes = block.pred_probs.columns;
  // One part per worker; the result is that of one part, because parts are laid out in order.
  const int64_t parts = num_workers(execution, (rows + kDecodedRows - 1) / kDecodedRows);
  const auto part_begin = [&](int64_t part) { return rows * part / parts; };
  std::vector<std::vector<int64_t>> next(static_cast<size_t>(parts),
                                         std::vector<int64_t>(static_cast<size_t>(classes)));
  const Execution quiet{.num_threads = execution.num_threads, .progress = {}};
  parallel_for(parts, quiet, {}, [&](int64_t part, int) {
    std::vector<int64_t>& counts = next[part];
    for_each_wanted(block, flags, wanted_mask, wanted, part_begin(part), part_begin(part + 1),
                    [&counts](int64_t, int32_t label) { ++counts[label]; });
  });

  RowsByLabel result;
  result.offsets.push_back(0);
  int64_t total = 0;
  for (int64_t label = 0; label < classes; ++label) {
    for (std::vector<int64_t>& part : next) {
      const int64_t count = part[label];
      part[label] = total;
      total += count;
    }
    result.offsets.push_back(total);
  }
  result.rows.resize(static_cast<size_t>(total));
  parallel_for(parts, quiet, {}, [&](int64_t part, int) {
    std::vector<int64_t>& positions = next[part];
    for_each_wanted(block, flags, wanted_mask, wanted, part_begin(part), part_begin(part + 1),
                    [&](int64_t position, int32_t label) {
                      result.rows[positions[label]++] = static_cast<uint32_t>(position);
                    });
  });
  return result;
}

void for_each_slice(const Block& block, const std::function<void(const Block&)>& f) {
  for (int64_t first = 0; first < block.pred_probs.rows; first += kMaxGroupedRows) {
    const int64_t count = std::min(kMaxGroupedRows, block.pred_probs.rows - first);
    f({block.first_row + first, block.labels.slice(first, count),
       block.pred_probs.slice(first, count)});
  }
}

}  // namespace labelsieve
