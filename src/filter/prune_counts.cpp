#include "filter/prune_counts.h"

#include <algorithm>
#include <cmath>

#include "base/pairwise_sum.h"
#include "count/rounding.h"

namespace labelsieve {
namespace {

/// Raises the diagonal to at least `min_examples`, takes that from the other entries, scales those
/// by `frac_noise` and gives what was taken to the diagonal; truncates.
SparseMatrix<int64_t> keep_at_least(const SparseMatrix<double>& joint,
                                    const PruneCountOptions& options) {
  const auto min_examples = static_cast<double>(options.min_examples_per_class);
  SparseMatrix<int64_t> result;
  result.size = joint.size;
  result.row_offsets.push_back(0);
  std::vector<PositionedValue> taken;
  for (int64_t given = 0; given < joint.size; ++given) {
    const auto columns = joint.row_columns(given);
    const auto values = joint.row_values(given);
    const double diagonal = joint.at(given, given);
    const double kept = std::max(diagonal, min_examples);
    const auto nonzeros = static_cast<double>(
        std::count_if(values.begin(), values.end(), [](double v) { return v != 0; }));
    const double share = (kept - diagonal) / std::max(nonzeros - 1, 1.0);
    taken.clear();
    const size_t diagonal_entry = result.columns.size();
    for (size_t e = 0; e < columns.size(); ++e) {
      if (columns[e] == given) continue;
      const double count = std::max(values[e] - share, 0.0);
      const double pruned = count * options.frac_noise;
      taken.push_back({columns[e], count - pruned});
      if (pruned >= 1) result.append(columns[e], static_cast<int64_t>(pruned));
    }
    const auto keep = static_cast<int64_t>(kept + pairwise_sum(taken, joint.size));
    const auto at =
        std::lower_bound(result.columns.begin() + static_cast<std::ptrdiff_t>(diagonal_entry),
                         result.columns.end(), static_cast<int32_t>(given));
    result.values.insert(result.values.begin() + (at - result.columns.begin()), keep);
    result.columns.insert(at, static_cast<int32_t>(given));
    result.finish_row();
  }
  return result;
}

/// Redistributes the noise so that `num_to_remove[j]` examples are pruned from each true class j.
SparseMatrix<int64_t> remove_per_class(const SparseMatrix<int64_t>& counts,
                                       std::span<const int64_t> label_counts,
                                       std::span<const int64_t> num_to_remove) {
  const SparseMatrix<int64_t> by_true = counts.transposed();
  std::vector<double> row_sums(static_cast<size_t>(counts.size));
  for (int64_t row = 0; row < by_true.size; ++row) {
    for (const int64_t value : by_true.row_values(row)) row_sums[row] += static_cast<double>(value);
  }
  SparseMatrix<int64_t> result = by_true;
  for (int64_t truth = 0; truth < by_true.size; ++truth) {
    const auto columns = by_true.row_columns(truth);
    const auto values = by_true.row_values(truth);
    std::vector<PositionedValue> shares;
    double own_share = 0;
    bool any_noise = false;
    for (size_t e = 0; e < columns.size(); ++e) {
      // The reference divides by the row sum of the column's class; kept for equal answers.
      const double sum = row_sums[columns[e]];
      const double share = sum > 0 ? static_cast<double>(values[e]) / sum : 0.0;
      shares.push_back({columns[e], share});
      if (columns[e] == truth) own_share = share;
      any_noise = any_noise || (columns[e] != truth && share > 0);
    }
    const double noise = pairwise_sum(shares, by_true.size) - own_share;
    const auto remove = static_cast<double>(num_to_remove[truth]);
    for (PositionedValue& share : shares) {
      if (share.position == truth) {
        share.value = static_cast<double>(label_counts[truth] - num_to_remove[truth]);
      } else {
        share.value = any_noise ? share.value * remove / noise : 0.0;
      }
    }
    const auto rounded = round_preserving_total(shares, by_true.size);
    std::copy(rounded.begin(), rounded.end(), result.values.begin() + by_true.row_offsets[truth]);
  }
  return result.transposed();
}

}  // namespace

SparseMatrix<int64_t> prune_counts(const SparseMatrix<double>& joint,
                                   std::span<const int64_t> label_counts,
                                   const PruneCountOptions& options) {
  const SparseMatrix<int64_t> counts = keep_at_least(joint, options);
  if (options.num_to_remove_per_class.empty()) return counts;
  return remove_per_class(counts, label_counts, options.num_to_remove_per_class);
}

}  // namespace labelsieve
