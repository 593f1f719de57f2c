// One look at all labels and probabilities, refusing no row.
#include <algorithm>
#include <cmath>
#include <limits>

#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/diagnose.h"
#include "labelsieve/pair_counts.h"

namespace labelsieve {
namespace {

/// What one tile adds. Tiles are combined in their order, so that sums do not depend on threads.
struct TileInspection {
  int64_t num_ignored = 0;
  int64_t num_correct = 0;
  int64_t num_unnormalized = 0;
  int64_t num_outside = 0;
  int64_t num_not_finite = 0;
  double min_sum = std::numeric_limits<double>::infinity();
  double max_sum = -std::numeric_limits<double>::infinity();
  double total_sum = 0;
};

/// One row's part of the inspection.
template <class T>
int32_t inspect_row(const T* row, int64_t columns, TileInspection& result) {
  double sum = 0;
  int32_t best = 0;
  for (int64_t k = 0; k < columns; ++k) {
    const auto p = static_cast<double>(widen(row[k]));
    if (!std::isfinite(p)) {
      ++result.num_not_finite;
    } else if (p < -kProbabilityTolerance || p > 1 + kProbabilityTolerance) {
      ++result.num_outside;
    }
    sum += p;
    if (widen(row[k]) > widen(row[best])) best = static_cast<int32_t>(k);
  }
  if (std::isfinite(sum)) {
    result.min_sum = std::min(result.min_sum, sum);
    result.max_sum = std::max(result.max_sum, sum);
    result.total_sum += sum;
    result.num_unnormalized += std::abs(sum - 1) > kRowSumTolerance;
  }
  return best;
}

/// The argmax of most rows with each label, from the (label, argmax) counts; -1 without rows.
std::vector<int32_t> most_common(const SparseMatrix<int64_t>& counts,
                                 const std::vector<int64_t>& label_counts) {
  std::vector<int32_t> result;
  for (int64_t k = 0; k < counts.size; ++k) {
    const auto values = counts.row_values(k);
    const auto best = std::max_element(values.begin(), values.end()) - values.begin();
    result.push_back(label_counts[k] == 0 ? -1 : counts.row_columns(k)[best]);
  }
  return result;
}

}  // namespace

Inspection inspect(Source& source, const Execution& execution) {
  Inspection result;
  const int64_t classes = source.num_classes();
  result.num_classes = classes;
  result.label_counts.resize(static_cast<size_t>(classes));
  result.argmax_counts.resize(static_cast<size_t>(classes));
  PairCounts predictions(classes);
  TileInspection total;
  source.reset();
  for (Block block; source.next(block);) {
    const MatrixView& matrix = block.pred_probs;
    std::vector<TileInspection> tiles(static_cast<size_t>(num_tiles(matrix, matrix.rows)));
    std::vector<PairCounts> counts(static_cast<size_t>(tile_workers(block, execution)),
                                   PairCounts(classes));
    std::vector<std::vector<int64_t>> labels(counts.size(),
                                             std::vector<int64_t>(result.label_counts.size()));
    std::vector<std::vector<int64_t>> argmaxes = labels;
    visit_float_type(matrix.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, execution, "inspect", source.num_rows(), [&](const Tile<T>& tile) {
        TileInspection& part = tiles[static_cast<size_t>(tile.first / tile_rows(matrix))];
        for (int64_t i = 0; i < tile.rows.count; ++i) {
          if (tile.labels[i] == kIgnored) {
            ++part.num_ignored;
            continue;
          }
          const int32_t best = inspect_row(tile.rows.row(i), tile.rows.columns, part);
          part.num_correct += best == tile.labels[i];
          ++labels[tile.worker][tile.labels[i]];
          ++argmaxes[tile.worker][best];
          counts[tile.worker].add(tile.labels[i], best);
        }
      });
    });
    for (size_t w = 0; w < counts.size(); ++w) {
      predictions.merge(counts[w]);
      for (int64_t k = 0; k < classes; ++k) {
        result.label_counts[k] += labels[w][k];
        result.argmax_counts[k] += argmaxes[w][k];
      }
    }
    for (const TileInspection& part : tiles) {
      total.num_ignored += part.num_ignored;
      total.num_correct += part.num_correct;
      total.num_unnormalized += part.num_unnormalized;
      total.num_outside += part.num_outside;
      total.num_not_finite += part.num_not_finite;
      total.min_sum = std::min(total.min_sum, part.min_sum);
      total.max_sum = std::max(total.max_sum, part.max_sum);
      total.total_sum += part.total_sum;
    }
    result.num_rows += matrix.rows;
  }
  const auto counted = static_cast<double>(result.num_rows - total.num_ignored);
  result.num_ignored = total.num_ignored;
  result.most_common_prediction = most_common(predictions.to_matrix(), result.label_counts);
  result.argmax_accuracy = counted > 0 ? static_cast<double>(total.num_correct) / counted : 0;
  result.num_unnormalized_rows = total.num_unnormalized;
  result.num_outside_unit_interval = total.num_outside;
  result.num_not_finite = total.num_not_finite;
  if (total.max_sum >= total.min_sum) {
    result.min_row_sum = total.min_sum;
    result.max_row_sum = total.max_sum;
    result.mean_row_sum = total.total_sum / counted;
  }
  return result;
}

}  // namespace labelsieve
