// One look at all label sets and probabilities, refusing no probability.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "labelsieve/diagnose_multilabel.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {
namespace {

/// What some rows add. Tiles are combined in their order, so that sums do not depend on threads.
struct MultilabelTotals {
  explicit MultilabelTotals(int64_t classes)
      : given(static_cast<size_t>(classes)),
        predicted(given.size()),
        agreeing(given.size()),
        sum_given(given.size()),
        sum_missing(given.size()),
        finite_given(given.size()),
        finite_missing(given.size()) {}

  std::vector<int64_t> given, predicted, agreeing;
  std::vector<double> sum_given, sum_missing;
  std::vector<int64_t> finite_given, finite_missing;
  int64_t num_rows = 0;
  int64_t num_empty = 0;
  int64_t max_size = 0;
  int64_t num_normalized = 0;
  int64_t num_outside = 0;
  int64_t num_not_finite = 0;

  void add(const MultilabelTotals& other) {
    const auto add_all = [](auto& to, const auto& from) {
      for (size_t k = 0; k < to.size(); ++k) to[k] += from[k];
    };
    add_all(given, other.given);
    add_all(predicted, other.predicted);
    add_all(agreeing, other.agreeing);
    add_all(sum_given, other.sum_given);
    add_all(sum_missing, other.sum_missing);
    add_all(finite_given, other.finite_given);
    add_all(finite_missing, other.finite_missing);
    num_rows += other.num_rows;
    num_empty += other.num_empty;
    max_size = std::max(max_size, other.max_size);
    num_normalized += other.num_normalized;
    num_outside += other.num_outside;
    num_not_finite += other.num_not_finite;
  }
};

template <class T>
void add_row(const T* row, const uint8_t* labels, MultilabelTotals& totals) {
  double sum = 0;
  int64_t size = 0;
  for (size_t k = 0; k < totals.given.size(); ++k) {
    const auto p = static_cast<double>(widen(row[k]));
    const bool given = labels[k] != 0;
    const bool predicted = p > 0.5;
    size += given;
    totals.given[k] += given;
    totals.predicted[k] += predicted;
    totals.agreeing[k] += given && predicted;
    sum += p;
    if (!std::isfinite(p)) {
      ++totals.num_not_finite;
      continue;
    }
    (given ? totals.sum_given : totals.sum_missing)[k] += p;
    ++(given ? totals.finite_given : totals.finite_missing)[k];
    totals.num_outside += p < -kProbabilityTolerance || p > 1 + kProbabilityTolerance;
  }
  totals.num_normalized += std::abs(sum - 1) <= kRowSumTolerance;
  totals.num_empty += size == 0;
  totals.max_size = std::max(totals.max_size, size);
  ++totals.num_rows;
}

void inspect_block(const MultilabelBlock& block, const Execution& execution, int64_t total_rows,
                   MultilabelTotals& totals) {
  const MatrixView& matrix = block.pred_probs;
  const int64_t step = multilabel_tile_rows(matrix);
  std::vector<MultilabelTotals> tiles(static_cast<size_t>(num_multilabel_tiles(matrix)),
                                      MultilabelTotals(matrix.columns));
  visit_float_type(matrix.type, [&]<class T>(std::type_identity<T>) {
    for_each_multilabel_tile<T>(
        block, nullptr, execution, "inspect", total_rows, [&](const MultilabelTile<T>& tile) {
          MultilabelTotals& part =
              tiles[static_cast<size_t>((tile.first - block.first_row) / step)];
          for (int64_t i = 0; i < tile.in.rows.count; ++i) {
            add_row(tile.in.rows.row(i), tile.in.labels + i * matrix.columns, part);
          }
        });
  });
  for (const MultilabelTotals& tile : tiles) totals.add(tile);
}

std::vector<double> means(const std::vector<double>& sums, const std::vector<int64_t>& counts) {
  std::vector<double> result;
  for (size_t k = 0; k < sums.size(); ++k) {
    result.push_back(counts[k] > 0 ? sums[k] / static_cast<double>(counts[k])
                                   : std::numeric_limits<double>::quiet_NaN());
  }
  return result;
}

}  // namespace

MultilabelInspection inspect(MultilabelSource& source, const Execution& execution) {
  MultilabelInspection result;
  result.num_classes = source.num_classes();
  MultilabelTotals totals(result.num_classes);
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    inspect_block(block, execution, source.num_rows(), totals);
    result.num_rows += block.pred_probs.rows;
  }
  result.num_ignored = result.num_rows - totals.num_rows;
  result.mean_given = means(totals.sum_given, totals.finite_given);
  result.mean_missing = means(totals.sum_missing, totals.finite_missing);
  result.num_empty_sets = totals.num_empty;
  result.max_set_size = totals.max_size;
  const int64_t labels = std::accumulate(totals.given.begin(), totals.given.end(), int64_t{0});
  if (totals.num_rows > 0) {
    result.mean_set_size = static_cast<double>(labels) / static_cast<double>(totals.num_rows);
  }
  result.label_counts = std::move(totals.given);
  result.predicted_counts = std::move(totals.predicted);
  result.agreeing_counts = std::move(totals.agreeing);
  result.num_normalized_rows = totals.num_normalized;
  result.num_outside_unit_interval = totals.num_outside;
  result.num_not_finite = totals.num_not_finite;
  return result;
}

}  // namespace labelsieve
