#include "rank/ensemble_weights.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>

#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/score_kernel.h"
#include "labelsieve/ensemble.h"

namespace labelsieve {
namespace {

/// Probabilities below are raised to it before their logarithm is taken.
constexpr double kLowestProbability = 1e-6;

/// The sum of tile_sum(tile) over all tiles, added in the order of the tiles, so that the number
/// of threads does not show; and the number of examples that are not ignored.
struct TileSum {
  double sum = 0;
  int64_t num_examples = 0;

  double mean() const { return sum / static_cast<double>(num_examples); }
};

template <class F>
TileSum sum_over_tiles(const LabelsView& labels, const MatrixView& matrix,
                       const Execution& execution, const F& tile_sum) {
  const Block block{0, labels, matrix};
  std::vector<TileSum> parts(static_cast<size_t>(num_tiles(matrix, matrix.rows)));
  visit_float_type(matrix.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "ensemble weights", matrix.rows, [&](const Tile<T>& tile) {
      TileSum& part = parts[static_cast<size_t>(tile.first / tile_rows(matrix))];
      part.sum = tile_sum(tile);
      part.num_examples =
          tile.rows.count - std::count(tile.labels, tile.labels + tile.rows.count, kIgnored);
    });
  });
  TileSum total;
  for (const TileSum& part : parts) {
    total.sum += part.sum;
    total.num_examples += part.num_examples;
  }
  return total;
}

double accuracy(const LabelsView& labels, const MatrixView& matrix, const Execution& execution) {
  return sum_over_tiles(labels, matrix, execution,
                        []<class T>(const Tile<T>& tile) {
                          std::vector<int32_t> predicted(static_cast<size_t>(tile.rows.count));
                          const int64_t invalid = argmax(tile.rows, tile.labels, predicted.data());
                          if (invalid != kAllRowsValid) {
                            refuse_row(tile.rows.row(invalid), tile.rows.columns,
                                       tile.first + invalid);
                          }
                          double correct = 0;
                          for (int64_t i = 0; i < tile.rows.count; ++i) {
                            correct += tile.labels[i] != kIgnored && tile.labels[i] == predicted[i];
                          }
                          return correct;
                        })
      .mean();
}

/// Mean -ln P[i,y], the probabilities clipped from below and their rows brought back to 1.
double log_loss(const LabelsView& labels, const MatrixView& matrix, const Execution& execution) {
  return sum_over_tiles(labels, matrix, execution,
                        []<class T>(const Tile<T>& tile) {
                          double loss = 0;
                          for (int64_t i = 0; i < tile.rows.count; ++i) {
                            if (tile.labels[i] == kIgnored) continue;
                            const T* row = tile.rows.row(i);
                            const auto clipped = [row](int64_t k) {
                              return std::max(static_cast<double>(widen(row[k])),
                                              kLowestProbability);
                            };
                            double sum = 0;
                            for (int64_t k = 0; k < tile.rows.columns; ++k) sum += clipped(k);
                            loss -= std::log(clipped(tile.labels[i]) / sum);
                          }
                          return loss;
                        })
      .mean();
}

/// P[i,y] of some rows of one model.
void gather_self_confidence(const MatrixView& matrix, int64_t first,
                            std::span<const int32_t> labels, std::vector<double>& out) {
  out.resize(labels.size());
  visit_float_type(matrix.type, [&]<class T>(std::type_identity<T>) {
    RowTile<T> tile;
    const Rows<T> rows = tile.load(matrix, first, static_cast<int64_t>(labels.size()));
    for (size_t i = 0; i < labels.size(); ++i) {
      out[i] = labels[i] == kIgnored
                   ? 1.0
                   : static_cast<double>(widen(rows.row(static_cast<int64_t>(i))[labels[i]]));
    }
  });
}

/// The summed log loss of every weighting's average, in one pass over the given labels' columns.
std::vector<double> average_log_losses(const LabelsView& labels,
                                       std::span<const MatrixView> pred_probs,
                                       const std::vector<std::vector<double>>& weightings,
                                       const Execution& execution) {
  constexpr int64_t kRows = 4096;
  const int64_t pieces = (labels.size + kRows - 1) / kRows;
  std::vector<std::vector<double>> parts(static_cast<size_t>(pieces));
  parallel_for(
      pieces, execution, {"ensemble weights", 0, labels.size, kRows}, [&](int64_t piece, int) {
        const int64_t first = piece * kRows;
        std::vector<int32_t> classes(static_cast<size_t>(std::min(kRows, labels.size - first)));
        decode_labels(labels, first, static_cast<int64_t>(classes.size()), pred_probs[0].columns, 0,
                      classes.data());
        std::vector<std::vector<double>> given(pred_probs.size());
        for (size_t m = 0; m < given.size(); ++m) {
          gather_self_confidence(pred_probs[m], first, classes, given[m]);
        }
        std::vector<double>& losses = parts[piece];
        losses.assign(weightings.size(), 0.0);
        for (size_t w = 0; w < weightings.size(); ++w) {
          for (size_t i = 0; i < classes.size(); ++i) {
            if (classes[i] == kIgnored) continue;
            double average = 0;
            for (size_t m = 0; m < given.size(); ++m) average += weightings[w][m] * given[m][i];
            // Written so that the NaN of an underflowed weighting stays one.
            losses[w] -= std::log(average < std::numeric_limits<double>::epsilon()
                                      ? std::numeric_limits<double>::epsilon()
                                      : average);
          }
        }
      });
  std::vector<double> losses(weightings.size());
  for (const auto& part : parts) {
    for (size_t w = 0; w < losses.size(); ++w) losses[w] += part[w];
  }
  return losses;
}

std::vector<double> search_weights(const LabelsView& labels, std::span<const MatrixView> pred_probs,
                                   const EnsembleOptions& options) {
  std::vector<double> losses;
  for (const MatrixView& matrix : pred_probs) {
    losses.push_back(log_loss(labels, matrix, options.execution));
  }
  std::vector<std::vector<double>> weightings;
  for (const double t : options.log_loss_search_t) {
    std::vector<double> weights;
    for (const double loss : losses) weights.push_back(std::exp(-t * loss));
    const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= sum;
    weightings.push_back(std::move(weights));
  }
  const std::vector<double> found =
      average_log_losses(labels, pred_probs, weightings, options.execution);
  double lowest = std::numeric_limits<double>::infinity();
  std::vector<double> best(pred_probs.size(), 1.0 / static_cast<double>(pred_probs.size()));
  for (size_t w = 0; w < found.size(); ++w) {
    if (found[w] < lowest) {  // false for NaN
      lowest = found[w];
      best = weightings[w];
    }
  }
  return best;
}

}  // namespace

void check_ensemble(const LabelsView& labels, std::span<const MatrixView> pred_probs) {
  if (pred_probs.empty()) {
    refuse_argument("an ensemble needs the probabilities of a model");
  }
  for (const MatrixView& matrix : pred_probs) {
    const MemorySource checked(labels, matrix);
    if (matrix.columns != pred_probs.front().columns) {
      refuse_argument("the models of an ensemble have " +
                      std::to_string(pred_probs.front().columns) + " and " +
                      std::to_string(matrix.columns) + " classes; they must agree");
    }
  }
}

void check_num_weights(size_t weights, size_t models) {
  if (weights != models) {
    refuse_argument(std::to_string(weights) + " weights were given for " + std::to_string(models) +
                    " models; give one per model");
  }
}

std::vector<double> ensemble_weights(const LabelsView& labels,
                                     std::span<const MatrixView> pred_probs,
                                     const EnsembleOptions& options) {
  check_ensemble(labels, pred_probs);
  if (options.weights != EnsembleWeights::kCustom && !options.custom_weights.empty()) {
    refuse_argument("custom weights were given with another weighting; use the weighting custom");
  }
  const auto uniform = 1.0 / static_cast<double>(pred_probs.size());
  std::vector<double> weights(pred_probs.size(), uniform);
  switch (options.weights) {
    case EnsembleWeights::kUniform: break;
    case EnsembleWeights::kCustom:
      check_num_weights(options.custom_weights.size(), pred_probs.size());
      weights = options.custom_weights;
      break;
    case EnsembleWeights::kLogLossSearch:
      weights = search_weights(labels, pred_probs, options);
      break;
    case EnsembleWeights::kAccuracy: {
      for (size_t m = 0; m < weights.size(); ++m) {
        weights[m] = accuracy(labels, pred_probs[m], options.execution);
      }
      const double sum = std::accumulate(weights.begin(), weights.end(), 0.0);
      for (double& weight : weights) weight = sum > 0 ? weight / sum : uniform;
      break;
    }
  }
  return weights;
}

}  // namespace labelsieve
