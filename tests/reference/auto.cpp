#include "reference/auto.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace reference {
namespace {

Vector log_rows(const Vector& row) {
  Vector logs;
  for (const double p : row) logs.push_back(std::log(std::max(p, 1e-6)));
  return logs;
}

Vector tempered(const Vector& row, double temperature) {
  Vector q = log_rows(row);
  const double highest = *std::max_element(q.begin(), q.end());
  for (double& value : q) value = std::exp(temperature * (value - highest));
  const double sum = std::accumulate(q.begin(), q.end(), 0.0);
  for (double& value : q) value /= sum;
  return q;
}

/// Rows of counts as shares, with one pseudo-example each.
Table shares(Table counts, double disagreement) {
  const auto k = static_cast<double>(counts.size());
  for (size_t b = 0; b < counts.size(); ++b) {
    for (size_t a = 0; a < counts.size(); ++a) {
      counts[b][a] += a == b ? 1 - disagreement : disagreement / (k - 1);
    }
    const double sum = std::accumulate(counts[b].begin(), counts[b].end(), 0.0);
    for (double& count : counts[b]) count /= sum;
  }
  return counts;
}

void learn(const Data& data, Auto& result) {
  const auto k = static_cast<size_t>(data.num_classes);
  Table sums(k, Vector(k));
  double top = 0;
  for (const Vector& row : data.pred_probs) {
    const Vector q = tempered(row, result.temperature);
    const auto best = static_cast<size_t>(argmax(row));
    top += q[best];
    for (size_t a = 0; a < k; ++a) sums[best][a] += q[a];
  }
  result.expected_disagreement = std::max(1 - top / static_cast<double>(data.size()), 1e-12);
  const Table t = shares(sums, result.expected_disagreement);
  result.corrections.assign(k, Vector(k));
  for (size_t a = 0; a < k; ++a) {
    for (size_t b = 0; b < k; ++b) {
      result.corrections[a][b] = (std::log(t[b][a] / t[b][b]) - std::log(t[a][b] / t[a][a])) / 2;
    }
  }
}

void score(const Data& data, Auto& result) {
  for (size_t i = 0; i < data.labels.size(); ++i) {
    const Vector logs = log_rows(data.pred_probs[i]);
    const auto y = static_cast<size_t>(data.labels[i]);
    double best = -INFINITY;
    size_t rival = 0;
    for (size_t b = 0; b < logs.size(); ++b) {
      const double s = result.temperature * (logs[b] - logs[y]) + result.corrections[y][b];
      if (b == y || s <= best) continue;
      best = s;
      rival = b;
    }
    result.log_odds.push_back(best);
    result.rivals.push_back(static_cast<int64_t>(rival));
  }
}

/// The chance of an error under class-dependent noise, for every example; 0 where none is seen.
Vector low_chances(const Data& data, const Auto& result) {
  const auto k = static_cast<size_t>(data.num_classes);
  Table counts(k, Vector(k));
  for (size_t i = 0; i < data.labels.size(); ++i) {
    const auto y = static_cast<size_t>(data.labels[i]);
    counts[result.log_odds[i] > 0 ? static_cast<size_t>(result.rivals[i]) : y][y] += 1;
  }
  const Table t = shares(counts, result.expected_disagreement);
  Vector chances(data.labels.size());
  for (size_t i = 0; i < chances.size(); ++i) {
    if (!(result.log_odds[i] > 0)) continue;
    const auto a = static_cast<size_t>(data.labels[i]);
    const auto b = static_cast<size_t>(result.rivals[i]);
    const double al = t[a][b] / (t[a][a] + t[a][b]);
    const double be = t[b][a] / (t[b][a] + t[b][b]);
    const double u = 1 / (1 + std::exp(result.log_odds[i] - result.corrections[a][b]));
    const double pa = std::clamp((u - be) / std::max(1 - al - be, 1e-3), 0.0, 1.0);
    const double bad = (1 - pa) * be;
    chances[i] = bad / std::max(bad + pa * (1 - al), 1e-300);
  }
  return chances;
}

}  // namespace

double fitted_temperature(const Data& data) {
  double beta = 1;
  for (int step = 0; step < 25; ++step) {
    double g = 0;
    double h = 0;
    for (size_t i = 0; i < data.labels.size(); ++i) {
      const Vector logs = log_rows(data.pred_probs[i]);
      const Vector q = tempered(data.pred_probs[i], beta);
      double mean = 0;
      double square = 0;
      for (size_t k = 0; k < q.size(); ++k) {
        mean += q[k] * logs[k];
        square += q[k] * logs[k] * logs[k];
      }
      g += logs[static_cast<size_t>(data.labels[i])] - mean;
      h += square - mean * mean;
    }
    const double next =
        std::clamp(beta + std::clamp(g / std::max(h, 1e-12), -beta / 2, beta), 0.05, 20.0);
    if (std::abs(next - beta) < 1e-4 * beta) return next;
    beta = next;
  }
  return beta;
}

Auto automatic(const Data& data, double temperature) {
  Auto result;
  result.temperature = temperature;
  learn(data, result);
  score(data, result);
  const Vector low = low_chances(data, result);
  Vector badness(result.log_odds);
  for (double& value : badness) value = -value;
  const std::vector<int64_t> order = ascending(badness);
  for (size_t i = 0; i < low.size(); ++i) {
    result.low += low[i];
    result.expected += std::sqrt(low[i]);
    result.high += result.log_odds[i] > 0 ? 1 : 0;
  }
  result.mask.assign(low.size(), 0);
  double found = 0;
  double best = 0;
  size_t cut = 0;
  for (size_t k = 0; k < order.size(); ++k) {
    found += std::sqrt(low[static_cast<size_t>(order[k])]);
    const double f1 = 2 * found / (static_cast<double>(k + 1) + result.expected);
    if (f1 <= best * (1 + 1e-12)) continue;
    best = f1;
    cut = k + 1;
  }
  for (size_t k = 0; k < cut; ++k) result.mask[static_cast<size_t>(order[k])] = 1;
  return result;
}

}  // namespace reference
