#include "tasks/multilabel_pooling.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/parallel.h"
#include "base/refuse_argument.h"

namespace labelsieve {
namespace {

/// Batcher's odd-even merge sort, which needs no power of two (Batcher, "Sorting networks and their
/// applications", 1968).
std::vector<Comparator> sorting_network(int32_t size) {
  std::vector<Comparator> network;
  for (int32_t run = 1; run < size; run *= 2) {
    for (int32_t distance = run; distance >= 1; distance /= 2) {
      for (int32_t first = distance % run; first + distance < size; first += 2 * distance) {
        const int32_t end = std::min(distance, size - first - distance);
        for (int32_t i = first; i < first + end; ++i) {
          // Only within what becomes one sorted run.
          if (i / (2 * run) == (i + distance) / (2 * run)) network.push_back({i, i + distance});
        }
      }
    }
  }
  return network;
}

/// How many of the lowest of `columns` scores a moving average depends on: the rest together weigh
/// less than 2^-64, a thousandth of what rounding does.
int64_t num_lowest(double alpha, int64_t columns) {
  if (alpha <= 0) return columns;
  if (alpha >= 1) return 1;
  const double enough = std::ceil(-64 * std::log(2.0) / std::log1p(-alpha)) + 1;
  return enough < static_cast<double>(columns) ? static_cast<int64_t>(enough) : columns;
}

double minimum(std::span<const double> scores) {
  return *std::min_element(scores.begin(), scores.end());
}

double mean(std::span<const double> scores) {
  return std::accumulate(scores.begin(), scores.end(), 0.0) / static_cast<double>(scores.size());
}

double softmin(std::span<const double> scores, double temperature) {
  const double lowest = minimum(scores);
  if (temperature == 0) return lowest;
  double weighted = 0;
  double weights = 0;
  for (const double score : scores) {
    const double weight = std::exp((lowest - score) / temperature);
    weighted += score * weight;
    weights += weight;
  }
  return weighted / weights;
}

}  // namespace

ScorePooler::ScorePooler(const PoolingOptions& options, int64_t num_classes)
    : options_(options),
      num_classes_(num_classes),
      alpha_(options.alpha.value_or(2 / (static_cast<double>(num_classes) + 1))) {
  if (num_classes < 1) refuse_argument("there are no scores to pool: give one per class");
  if (!(alpha_ >= 0 && alpha_ <= 1)) refuse_argument("alpha must be in [0, 1]");
  if (!(options.temperature >= 0)) refuse_argument("the temperature must not be negative");
  if (options.pooling == Pooling::kCustom && !options.function) {
    refuse_argument("custom pooling needs a function");
  }
  num_lowest_ = num_lowest(alpha_, num_classes);
  if (options.pooling == Pooling::kExponentialMovingAverage && num_classes <= kMaxNetworkColumns) {
    network_ = sorting_network(static_cast<int32_t>(num_classes));
  }
}

void ScorePooler::moving_average(double* scores, int64_t rows, double* out) const {
  if (num_classes_ <= kMaxNetworkColumns) {
    moving_averages(scores, rows, num_classes_, network_.data(),
                    static_cast<int64_t>(network_.size()), alpha_, out);
    return;
  }
  for (int64_t i = 0; i < rows; ++i, scores += num_classes_) {
    std::partial_sort(scores, scores + num_lowest_, scores + num_classes_);
    double average = scores[num_lowest_ - 1];
    for (int64_t k = num_lowest_ - 2; k >= 0; --k) {
      average = alpha_ * scores[k] + (1 - alpha_) * average;
    }
    out[i] = average;
  }
}

void ScorePooler::pool(double* scores, int64_t rows, double* out) const {
  if (options_.pooling == Pooling::kExponentialMovingAverage) {
    moving_average(scores, rows, out);
    return;
  }
  for (int64_t i = 0; i < rows; ++i) {
    const std::span<const double> row(scores + i * num_classes_, static_cast<size_t>(num_classes_));
    switch (options_.pooling) {
      case Pooling::kSoftmin: out[i] = softmin(row, options_.temperature); break;
      case Pooling::kMin: out[i] = minimum(row); break;
      case Pooling::kMean: out[i] = mean(row); break;
      default: out[i] = options_.function(row);
    }
  }
}

std::vector<double> pool_scores(std::span<const double> scores, int64_t num_classes,
                                const PoolingOptions& options, const Execution& execution) {
  const ScorePooler pooler(options, num_classes);
  const auto size = static_cast<int64_t>(scores.size());
  if (size % num_classes != 0) {
    refuse_argument(std::to_string(size) + " scores are no whole number of rows of " +
                    std::to_string(num_classes));
  }
  const int64_t rows = size / num_classes;
  const int64_t step = std::max<int64_t>(1, (int64_t{1} << 14) / num_classes);
  std::vector<double> pooled(static_cast<size_t>(rows));
  parallel_for((rows + step - 1) / step, execution, {"pooling", 0, rows, step},
               [&](int64_t piece, int /*worker*/) {
                 const int64_t first = piece * step;
                 const int64_t count = std::min(step, rows - first);
                 const auto part = scores.subspan(static_cast<size_t>(first * num_classes),
                                                  static_cast<size_t>(count * num_classes));
                 std::vector<double> copy(part.begin(), part.end());
                 pooler.pool(copy.data(), count, pooled.data() + first);
               });
  return pooled;
}

}  // namespace labelsieve
