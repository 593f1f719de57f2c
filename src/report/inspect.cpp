// One look at all labels and probabilities, refusing no row.
#include <algorithm>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/diagnose.h"
#include "labelsieve/pair_counts.h"

namespace labelsieve {
namespace {

/// What some rows add. Tiles are combined in their order, so that sums do not depend on threads.
struct Totals {
  int64_t num_ignored = 0;
  int64_t num_correct = 0;
  int64_t num_unnormalized = 0;
  int64_t num_outside = 0;
  int64_t num_not_finite = 0;
  int64_t num_sums = 0;  // rows whose sum is finite
  double min_sum = std::numeric_limits<double>::infinity();
  double max_sum = -std::numeric_limits<double>::infinity();
  double total_sum = 0;

  void add(const Totals& other) {
    num_ignored += other.num_ignored;
    num_correct += other.num_correct;
    num_unnormalized += other.num_unnormalized;
    num_outside += other.num_outside;
    num_not_finite += other.num_not_finite;
    num_sums += other.num_sums;
    min_sum = std::min(min_sum, other.min_sum);
    max_sum = std::max(max_sum, other.max_sum);
    total_sum += other.total_sum;
  }
};

/// Counts of labels and of what the rows' maxima say.
struct ClassCounts {
  explicit ClassCounts(int64_t classes)
      : labels(static_cast<size_t>(classes)),
        argmaxes(static_cast<size_t>(classes)),
        predictions(classes) {}

  std::vector<int64_t> labels;
  std::vector<int64_t> argmaxes;
  PairCounts predictions;  // (label, argmax)

  void merge(const ClassCounts& other) {
    for (size_t k = 0; k < labels.size(); ++k) {
      labels[k] += other.labels[k];
      argmaxes[k] += other.argmaxes[k];
    }
    predictions.merge(other.predictions);
  }
};

/// One row's part of the inspection.
template <class T>
int32_t inspect_row(const T* row, int64_t columns, Totals& result) {
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
    ++result.num_sums;
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

void inspect_block(const Block& block, const Execution& execution, int64_t total_rows,
                   ClassCounts& counts, Totals& totals) {
  const MatrixView& matrix = block.pred_probs;
  std::vector<Totals> tiles(static_cast<size_t>(num_tiles(matrix, matrix.rows)));
  std::vector<ClassCounts> workers(static_cast<size_t>(tile_workers(block, execution)),
                                   ClassCounts(matrix.columns));
  visit_float_type(matrix.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "inspect", total_rows, [&](const Tile<T>& tile) {
      Totals& part = tiles[static_cast<size_t>(tile.first / tile_rows(matrix))];
      ClassCounts& worker = workers[static_cast<size_t>(tile.worker)];
      for (int64_t i = 0; i < tile.rows.count; ++i) {
        const int32_t label = tile.labels[i];
        if (label == kIgnored) {
          ++part.num_ignored;
          continue;
        }
        const int32_t best = inspect_row(tile.rows.row(i), tile.rows.columns, part);
        part.num_correct += best == label;
        ++worker.labels[static_cast<size_t>(label)];
        ++worker.argmaxes[static_cast<size_t>(best)];
        worker.predictions.add(label, best);
      }
    });
  });
  for (const ClassCounts& worker : workers) counts.merge(worker);
  for (const Totals& tile : tiles) totals.add(tile);
}

}  // namespace

Inspection inspect(Source& source, const Execution& execution) {
  Inspection result;
  result.num_classes = source.num_classes();
  ClassCounts counts(result.num_classes);
  Totals totals;
  source.reset();
  for (Block block; source.next(block);) {
    inspect_block(block, execution, source.num_rows(), counts, totals);
    result.num_rows += block.pred_probs.rows;
  }
  const auto counted = static_cast<double>(result.num_rows - totals.num_ignored);
  result.num_ignored = totals.num_ignored;
  result.most_common_prediction = most_common(counts.predictions.to_matrix(), counts.labels);
  result.label_counts = std::move(counts.labels);
  result.argmax_counts = std::move(counts.argmaxes);
  result.argmax_accuracy = counted > 0 ? static_cast<double>(totals.num_correct) / counted : 0;
  result.num_unnormalized_rows = totals.num_unnormalized;
  result.num_outside_unit_interval = totals.num_outside;
  result.num_not_finite = totals.num_not_finite;
  if (totals.num_sums > 0) {
    result.min_row_sum = totals.min_sum;
    result.max_row_sum = totals.max_sum;
    result.mean_row_sum = totals.total_sum / static_cast<double>(totals.num_sums);
  }
  return result;
}

}  // namespace labelsieve
