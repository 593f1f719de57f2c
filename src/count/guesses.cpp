#include "labelsieve/guesses.h"

#include <algorithm>
#include <utility>

#include "base/huge_pages.h"
#include "count/check_thresholds.h"
#include "count/confidence_limits.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/score_kernel.h"

namespace labelsieve {
namespace {

/// The argmax of the tile's rows; throws for an invalid row. Ignored rows are not written.
template <class T>
void argmax_of(const Tile<T>& tile, int64_t first_row, int32_t* out) {
  const int64_t invalid = argmax(tile.rows, tile.labels, out);
  if (invalid == kAllRowsValid) return;
  refuse_row(tile.rows.row(invalid), tile.rows.columns, first_row + tile.first + invalid);
}

/// One int32 per example, kNoGuess to begin with.
class PerExample {
 public:
  explicit PerExample(const Source& source) {
    reserve_huge_pages(values, static_cast<size_t>(std::max<int64_t>(source.num_rows(), 0)));
  }

  int32_t* of(const Block& block) {
    values.resize(static_cast<size_t>(block.first_row + block.pred_probs.rows), kNoGuess);
    return values.data() + block.first_row;
  }

  std::vector<int32_t> values;
};

}  // namespace

std::vector<int32_t> predicted_labels(Source& source, const Execution& execution) {
  PerExample predicted(source);
  source.reset();
  for (Block block; source.next(block);) {
    int32_t* out = predicted.of(block);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(
          block, execution, "predictions", source.num_rows(),
          [&](const Tile<T>& tile) { argmax_of(tile, block.first_row, out + tile.first); });
    });
  }
  return std::move(predicted.values);
}

std::vector<int32_t> confident_guesses(Source& source, const ConfidentJointOptions& options) {
  const std::vector<double> thresholds = options.thresholds.empty()
                                             ? confident_thresholds(source, options.execution)
                                             : options.thresholds;
  check_thresholds(thresholds.size(), source.num_classes());
  PerExample guesses(source);
  source.reset();
  for (Block block; source.next(block);) {
    int32_t* out = guesses.of(block);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      const ConfidenceLimits<Wide<T>> limits(thresholds);
      std::vector<std::vector<int32_t>> workers(
          static_cast<size_t>(tile_workers(block, options.execution)));
      for_each_tile<T>(
          block, options.execution, "confident classes", source.num_rows(),
          [&](const Tile<T>& tile) {
            std::vector<int32_t>& found = workers[static_cast<size_t>(tile.worker)];
            found.resize(static_cast<size_t>(tile.rows.count));
            argmax_of(tile, block.first_row, found.data());  // for its check of every number
            confident_classes(tile.rows, limits.limits.data(),
                              options.collision == Collision::kConfidentArgmax, found.data());
            for (int64_t i = 0; i < tile.rows.count; ++i) {
              if (tile.labels[i] != kIgnored) out[tile.first + i] = found[static_cast<size_t>(i)];
            }
          });
    });
  }
  return std::move(guesses.values);
}

}  // namespace labelsieve
