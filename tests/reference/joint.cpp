// §2 of docs/definitions.md: thresholds, confident joint, calibration.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/reference.h"

namespace reference {
namespace {

double pairwise_sum(const double* values, size_t count) {
  double sum = 0;
  if (count < 8) {
    for (size_t i = 0; i < count; ++i) sum += values[i];
    return sum;
  }
  if (count > 128) {
    const size_t half = count / 2 / 8 * 8;
    return pairwise_sum(values, half) + pairwise_sum(values + half, count - half);
  }
  double part[8] = {};
  const size_t whole = count / 8 * 8;
  for (size_t i = 0; i < whole; ++i) part[i % 8] += values[i];
  sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  for (size_t i = whole; i < count; ++i) sum += values[i];
  return sum;
}

}  // namespace

double pairwise_sum(const Vector& values) { return pairwise_sum(values.data(), values.size()); }

std::vector<int64_t> label_counts(const Data& data) {
  std::vector<int64_t> counts(static_cast<size_t>(data.num_classes));
  for (const int64_t label : data.labels) ++counts[static_cast<size_t>(label)];
  return counts;
}

Vector thresholds(const Data& data) {
  // The exact sum, as far as a long double can hold it.
  std::vector<long double> sums(static_cast<size_t>(data.num_classes));
  for (size_t i = 0; i < data.labels.size(); ++i) {
    const auto label = static_cast<size_t>(data.labels[i]);
    sums[label] += std::clamp(data.pred_probs[i][label], 0.0, 1.0);
  }
  const std::vector<int64_t> counts = label_counts(data);
  Vector result;
  for (size_t k = 0; k < sums.size(); ++k) {
    if (counts[k] == 0) {
      result.push_back(labelsieve::kNoThreshold);
    } else {
      const auto mean = static_cast<double>(sums[k] / static_cast<long double>(counts[k]));
      result.push_back(std::max(mean, 2e-6));
    }
  }
  return result;
}

std::vector<std::optional<int64_t>> guesses(const Data& data, const Vector& thresholds,
                                            labelsieve::Collision collision) {
  std::vector<std::optional<int64_t>> result;
  for (const Vector& row : data.pred_probs) {
    std::vector<size_t> confident;
    for (size_t k = 0; k < row.size(); ++k) {
      if (row[k] >= thresholds[k] - 1e-6) confident.push_back(k);
    }
    if (confident.empty()) {
      result.push_back(std::nullopt);
    } else if (confident.size() > 1 && collision == labelsieve::Collision::kRowArgmax) {
      result.push_back(argmax(row));
    } else {
      const size_t best = *std::max_element(confident.begin(), confident.end(),
                                            [&](size_t a, size_t b) { return row[a] < row[b]; });
      result.push_back(static_cast<int64_t>(best));
    }
  }
  return result;
}

Counts confident_joint(const Data& data, const Vector& thresholds,
                       labelsieve::Collision collision) {
  const auto k = static_cast<size_t>(data.num_classes);
  Counts counts(k, std::vector<int64_t>(k));
  const auto guess = guesses(data, thresholds, collision);
  for (size_t i = 0; i < guess.size(); ++i) {
    if (guess[i]) ++counts[static_cast<size_t>(data.labels[i])][static_cast<size_t>(*guess[i])];
  }
  for (size_t c = 0; c < k; ++c) counts[c][c] = std::max<int64_t>(counts[c][c], 1);
  return counts;
}

std::vector<int64_t> rounded_keeping_total(const Vector& row) {
  Vector rounded;
  for (const double value : row) rounded.push_back(std::nearbyint(value));
  const double total = std::nearbyint(pairwise_sum(row));
  double missing = total - std::accumulate(rounded.begin(), rounded.end(), 0.0);
  while (missing != 0) {
    Vector excess;
    for (size_t k = 0; k < row.size(); ++k) excess.push_back(row[k] - rounded[k]);
    std::vector<int64_t> order = ascending(excess);
    // Up: largest excess first, ties to the higher index. Down: smallest first, ties to the lower.
    if (missing > 0) std::reverse(order.begin(), order.end());
    const double step = missing > 0 ? 1 : -1;
    for (const int64_t k : order) {
      if (missing == 0) break;
      rounded[static_cast<size_t>(k)] += step;
      missing -= step;
    }
  }
  std::vector<int64_t> result;
  for (const double value : rounded) result.push_back(static_cast<int64_t>(value));
  return result;
}

Counts calibrated(const Table& joint, const std::vector<int64_t>& label_counts) {
  Table scaled = joint;
  for (size_t k = 0; k < joint.size(); ++k) {
    const double row_sum = pairwise_sum(joint[k]);
    for (double& value : scaled[k]) {
      if (row_sum > 0) value = value / row_sum * static_cast<double>(label_counts[k]);
    }
  }
  Vector all;
  for (const Vector& row : scaled) all.insert(all.end(), row.begin(), row.end());
  const double total = pairwise_sum(all);
  const auto examples =
      static_cast<double>(std::accumulate(label_counts.begin(), label_counts.end(), int64_t{0}));
  Counts result;
  for (Vector& row : scaled) {
    for (double& value : row) value = value / total * examples;
    result.push_back(rounded_keeping_total(row));
  }
  return result;
}

Table to_table(const Counts& counts) {
  Table table;
  for (const auto& row : counts) table.emplace_back(row.begin(), row.end());
  return table;
}

Table estimated_joint(const Counts& calibrated) {
  Table joint = to_table(calibrated);
  double total = 0;
  for (const Vector& row : joint) total += std::accumulate(row.begin(), row.end(), 0.0);
  for (Vector& row : joint) {
    for (double& value : row) value /= total;
  }
  return joint;
}

int64_t num_off_diagonal(const Data& data, const Vector& thresholds,
                         labelsieve::Collision collision) {
  const auto guess = guesses(data, thresholds, collision);
  int64_t count = 0;
  for (size_t i = 0; i < guess.size(); ++i) {
    if (guess[i] && *guess[i] != data.labels[i] && !agrees(data, i)) ++count;
  }
  return count;
}

bool agrees(const Data& data, size_t example) {
  const Vector& row = data.pred_probs[example];
  const double highest = *std::max_element(row.begin(), row.end());
  return row[static_cast<size_t>(data.labels[example])] + 1e-6 >= highest;
}

}  // namespace reference
