#include "labelsieve/ensemble.h"

#include <algorithm>
#include <numeric>
#include <string>

#include "base/refuse_argument.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "labelsieve/error.h"
#include "rank/ensemble_weights.h"

namespace labelsieve {
namespace {

/// Bytes of means that a block holds.
constexpr int64_t kBlockBytes = int64_t{1} << 23;

/// Adds weight · P for some rows of one model to their means.
template <class T>
void add_rows(const Tile<T>& tile, double weight, int64_t first_row, double* means) {
  const ProbabilityBounds<Wide<T>> bounds;
  const int64_t columns = tile.rows.columns;
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    if (tile.labels[i] == kIgnored) continue;
    const T* row = tile.rows.row(i);
    double* out = means + (tile.first + i) * columns;
    bool valid = true;
    for (int64_t k = 0; k < columns; ++k) {
      const Wide<T> p = widen(row[k]);
      valid = valid && bounds.contain(p);
      out[k] += weight * static_cast<double>(p);
    }
    if (!valid) refuse_row(row, columns, first_row + tile.first + i);
  }
}

}  // namespace

AveragedSource::AveragedSource(const LabelsView& labels, std::span<const MatrixView> pred_probs,
                               std::span<const double> weights, const Execution& execution)
    : labels_(labels),
      pred_probs_(pred_probs.begin(), pred_probs.end()),
      weights_(weights.begin(), weights.end()),
      execution_{.num_threads = execution.num_threads, .progress = {}} {
  check_ensemble(labels, pred_probs);
  check_num_weights(weights.size(), pred_probs.size());
  const double sum = std::accumulate(weights_.begin(), weights_.end(), 0.0);
  if (!(sum > 0)) {
    refuse_argument("the weights of the ensemble must have a positive sum");
  }
  for (double& weight : weights_) weight /= sum;
}

bool AveragedSource::next(Block& block) {
  const int64_t columns = num_classes();
  if (next_row_ >= labels_.size) return false;
  const int64_t rows =
      std::min(std::max<int64_t>(kBlockBytes / (8 * columns), 16), labels_.size - next_row_);
  means_.assign(static_cast<size_t>(rows * columns), 0.0);
  const LabelsView labels = labels_.slice(next_row_, rows);
  for (size_t m = 0; m < pred_probs_.size(); ++m) {
    const Block part{next_row_, labels, pred_probs_[m].slice(next_row_, rows)};
    try {
      visit_float_type(part.pred_probs.type, [&]<class T>(std::type_identity<T>) {
        for_each_tile<T>(part, execution_, "ensemble", -1, [&](const Tile<T>& tile) {
          add_rows(tile, weights_[m], next_row_, means_.data());
        });
      });
    } catch (const Error& error) {
      throw Error(error.code(), "model " + std::to_string(m) + ": " + error.message(),
                  error.location());
    }
  }
  block = {next_row_, labels, MatrixView(means_.data(), rows, columns)};
  next_row_ += rows;
  return true;
}

std::vector<double> ensemble_label_quality_scores(const LabelsView& labels,
                                                  std::span<const MatrixView> pred_probs,
                                                  std::span<const double> weights,
                                                  const ScoreOptions& options) {
  check_ensemble(labels, pred_probs);
  check_num_weights(weights.size(), pred_probs.size());
  if (options.auto_model != nullptr) {
    refuse_argument("an ensemble takes no automatic model: each of its models is fitted its own");
  }
  std::vector<double> sum(static_cast<size_t>(labels.size));
  for (size_t m = 0; m < pred_probs.size(); ++m) {
    MemorySource source(labels, pred_probs[m]);
    const std::vector<double> scores = label_quality_scores(source, options);
    for (size_t i = 0; i < sum.size(); ++i) sum[i] += weights[m] * scores[i];
  }
  return sum;
}

}  // namespace labelsieve
