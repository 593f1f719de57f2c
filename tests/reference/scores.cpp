// §1 of docs/definitions.md.
#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>

#include "reference/auto.h"
#include "reference/reference.h"

namespace reference {
namespace {

/// Overshoot up to 1e-6 is clipped (§8).
double clipped(double probability) { return std::clamp(probability, 0.0, 1.0); }

double largest_other(const Vector& row, size_t label) {
  double largest = row.size() == 1 ? 0.0 : -std::numeric_limits<double>::infinity();
  for (size_t k = 0; k < row.size(); ++k) {
    if (k != label) largest = std::max(largest, clipped(row[k]));
  }
  return largest;
}

double normalized_entropy(const Vector& row) {
  if (row.size() == 1) return 0;
  double sum = 0;
  for (const double raw : row) {
    const double p = clipped(raw);
    if (p > 0) sum -= p * std::log(p);
  }
  return sum / std::log(static_cast<double>(row.size()));
}

double confidence_weighted_entropy(const Vector& row, size_t label) {
  const double self_confidence = clipped(row[label]);
  if (self_confidence == 0) return 0;
  const double x = normalized_entropy(row) / self_confidence;
  return x == 0 ? 1 : std::log1p(x) / x;
}

double log_loss(const std::vector<int64_t>& labels, const Table& pred_probs) {
  double sum = 0;
  for (size_t i = 0; i < labels.size(); ++i) {
    constexpr double kEpsilon = std::numeric_limits<double>::epsilon();
    const double p = pred_probs[i][static_cast<size_t>(labels[i])];
    sum -= std::log(std::clamp(p, kEpsilon, 1 - kEpsilon));
  }
  return sum / static_cast<double>(labels.size());
}

/// Clipped at 1e-6 and renormalised.
Table lifted(const Table& pred_probs) {
  Table result = pred_probs;
  for (Vector& row : result) {
    for (double& p : row) p = std::max(p, 1e-6);
    const double total = std::accumulate(row.begin(), row.end(), 0.0);
    for (double& p : row) p /= total;
  }
  return result;
}

Table weighted_sum(const std::vector<Data>& models, const Vector& weights) {
  Table sum = models.front().pred_probs;
  for (size_t i = 0; i < sum.size(); ++i) {
    for (size_t k = 0; k < sum[i].size(); ++k) {
      sum[i][k] = 0;
      for (size_t m = 0; m < models.size(); ++m) {
        sum[i][k] += weights[m] * models[m].pred_probs[i][k];
      }
    }
  }
  return sum;
}

}  // namespace

int64_t argmax(const Vector& row) { return std::max_element(row.begin(), row.end()) - row.begin(); }

std::vector<int64_t> ascending(const Vector& values) {
  std::vector<int64_t> order(values.size());
  std::iota(order.begin(), order.end(), 0);
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return values[static_cast<size_t>(a)] < values[static_cast<size_t>(b)];
  });
  return order;
}

Vector scores(const Data& data, labelsieve::Method method) {
  Vector result;
  if (method == labelsieve::Method::kAuto) {
    for (const double s : automatic(data, fitted_temperature(data)).log_odds) {
      result.push_back(1 / (1 + std::exp(s)));
    }
    return result;
  }
  for (size_t i = 0; i < data.labels.size(); ++i) {
    const Vector& row = data.pred_probs[i];
    const auto label = static_cast<size_t>(data.labels[i]);
    switch (method) {
      case labelsieve::Method::kSelfConfidence: result.push_back(clipped(row[label])); break;
      case labelsieve::Method::kNormalizedMargin:
        result.push_back((clipped(row[label]) - largest_other(row, label) + 1) / 2);
        break;
      case labelsieve::Method::kConfidenceWeightedEntropy:
        result.push_back(confidence_weighted_entropy(row, label));
        break;
      case labelsieve::Method::kAuto: break;  // above
    }
  }
  return result;
}

Data adjusted(const Data& data, const Vector& thresholds) {
  const double highest = *std::max_element(thresholds.begin(), thresholds.end());
  Data result = data;
  result.type = labelsieve::FloatType::kFloat64;
  for (Vector& row : result.pred_probs) {
    double total = 0;
    for (size_t k = 0; k < row.size(); ++k) {
      row[k] = row[k] - thresholds[k] + highest;
      total += row[k];
    }
    for (double& p : row) p /= total;
  }
  return result;
}

Vector accuracy_weights(const std::vector<Data>& models) {
  Vector weights;
  for (const Data& model : models) {
    double right = 0;
    for (size_t i = 0; i < model.labels.size(); ++i) {
      right += argmax(model.pred_probs[i]) == model.labels[i];
    }
    weights.push_back(right / static_cast<double>(model.size()));
  }
  const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
  for (double& weight : weights) {
    weight = total == 0 ? 1 / static_cast<double>(models.size()) : weight / total;
  }
  return weights;
}

Vector log_loss_weights(const std::vector<Data>& models, const Vector& temperatures) {
  Vector best(models.size(), 1 / static_cast<double>(models.size()));
  double best_loss = std::numeric_limits<double>::infinity();
  for (const double t : temperatures) {
    Vector weights;
    for (const Data& model : models) {
      weights.push_back(std::exp(-t * log_loss(model.labels, lifted(model.pred_probs))));
    }
    const double total = std::accumulate(weights.begin(), weights.end(), 0.0);
    for (double& weight : weights) weight /= total;
    const double loss = log_loss(models.front().labels, weighted_sum(models, weights));
    if (loss < best_loss) {  // false for NaN
      best_loss = loss;
      best = weights;
    }
  }
  return best;
}

}  // namespace reference
