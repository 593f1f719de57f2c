// §3 of docs/definitions.md: which examples are label issues.
#include <algorithm>
#include <cmath>
#include <numeric>

#include "reference/auto.h"
#include "reference/reference.h"

namespace reference {
namespace {

using labelsieve::FilterBy;
using Mask = std::vector<uint8_t>;

/// P[i,j] - P[i,k] in the type of the input; half precision is widened first.
double margin(const Data& data, const Vector& row, size_t j, size_t k) {
  if (data.type == labelsieve::FloatType::kFloat64) return row[j] - row[k];
  return static_cast<double>(static_cast<float>(row[j]) - static_cast<float>(row[k]));
}

std::vector<size_t> examples_of(const Data& data, size_t label) {
  std::vector<size_t> examples;
  for (size_t i = 0; i < data.labels.size(); ++i) {
    if (data.labels[i] == static_cast<int64_t>(label)) examples.push_back(i);
  }
  return examples;
}

/// A class keeps all its examples when it has no more than the minimum, or only one.
bool may_be_pruned(size_t class_size, const FilterChoice& choice) {
  return class_size > 1 && static_cast<int64_t>(class_size) > choice.min_examples_per_class;
}

void flag_lowest(const std::vector<size_t>& examples, const Vector& keys, int64_t how_many,
                 Mask& mask) {
  const std::vector<int64_t> order = ascending(keys);
  const int64_t count = std::min(how_many, static_cast<int64_t>(order.size()));
  for (int64_t r = 0; r < count; ++r) {
    mask[examples[static_cast<size_t>(order[static_cast<size_t>(r)])]] = 1;
  }
}

Mask prune_by_noise_rate(const Data& data, const FilterChoice& choice, const Counts& prune) {
  Mask mask(data.labels.size());
  for (size_t k = 0; k < prune.size(); ++k) {
    const std::vector<size_t> examples = examples_of(data, k);
    if (!may_be_pruned(examples.size(), choice)) continue;
    for (size_t j = 0; j < prune.size(); ++j) {
      if (j == k || prune[j][k] <= 0) continue;
      Vector keys;
      for (const size_t i : examples) keys.push_back(-margin(data, data.pred_probs[i], j, k));
      flag_lowest(examples, keys, prune[j][k], mask);
    }
  }
  return mask;
}

Mask prune_by_class(const Data& data, const FilterChoice& choice, const Counts& prune) {
  Mask mask(data.labels.size());
  for (size_t k = 0; k < prune.size(); ++k) {
    const std::vector<size_t> examples = examples_of(data, k);
    if (!may_be_pruned(examples.size(), choice)) continue;
    Vector keys;
    for (const size_t i : examples) keys.push_back(data.pred_probs[i][k]);
    flag_lowest(examples, keys, static_cast<int64_t>(examples.size()) - prune[k][k], mask);
  }
  return mask;
}

Mask pruned(const Data& data, const FilterChoice& choice, const Vector& thresholds) {
  const Table joint =
      choice.joint
          ? *choice.joint
          : to_table(calibrated(to_table(confident_joint(data, thresholds, choice.collision)),
                                label_counts(data)));
  const Counts prune = prune_counts(data, choice, joint);
  if (choice.filter_by == FilterBy::kPruneByClass) return prune_by_class(data, choice, prune);
  Mask mask = prune_by_noise_rate(data, choice, prune);
  if (choice.filter_by == FilterBy::kBoth) {
    const Mask other = prune_by_class(data, choice, prune);
    for (size_t i = 0; i < mask.size(); ++i) mask[i] &= other[i];
  }
  return mask;
}

Mask lowest_scores(const Data& data, const FilterChoice& choice, const Vector& thresholds) {
  const auto method = choice.filter_by == FilterBy::kLowSelfConfidence
                          ? labelsieve::Method::kSelfConfidence
                          : labelsieve::Method::kNormalizedMargin;
  std::vector<size_t> everyone(data.labels.size());
  std::iota(everyone.begin(), everyone.end(), size_t{0});
  Mask mask(data.labels.size());
  flag_lowest(everyone, scores(data, method), num_off_diagonal(data, thresholds, choice.collision),
              mask);
  return mask;
}

/// Shrinks column k until at least `keep` examples of class k stay, then by 1 - frac_noise.
Table kept_per_class(Table prune, int64_t keep, double frac_noise) {
  for (size_t k = 0; k < prune.size(); ++k) {
    const double diagonal = std::max(prune[k][k], static_cast<double>(keep));
    const double raised = diagonal - prune[k][k];
    double nonzeros = 0;
    for (size_t j = 0; j < prune.size(); ++j) nonzeros += prune[j][k] != 0;
    Vector taken(prune.size());
    for (size_t j = 0; j < prune.size(); ++j) {
      if (j == k) continue;
      const double left = std::max(prune[j][k] - raised / std::max(nonzeros - 1, 1.0), 0.0);
      prune[j][k] = left * frac_noise;
      taken[j] = left - prune[j][k];
    }
    prune[k][k] = diagonal + pairwise_sum(taken);
  }
  for (Vector& row : prune) {
    for (double& value : row) value = std::trunc(value);
  }
  return prune;
}

/// The prune counts rescaled so that r_j examples are removed that are truly j.
Counts rescaled(const Data& data, const FilterChoice& choice, const Table& prune) {
  const std::vector<int64_t> counts = label_counts(data);
  const std::vector<int64_t>& remove = choice.num_to_remove_per_class;
  Vector row_sums;
  for (const Vector& row : prune) row_sums.push_back(std::accumulate(row.begin(), row.end(), 0.0));
  Counts result;
  for (size_t j = 0; j < prune.size(); ++j) {
    const int64_t r = remove.size() == 1 ? remove[0] : remove[j];
    Vector psi(prune.size());
    for (size_t k = 0; k < prune.size(); ++k) {
      psi[k] = row_sums[k] > 0 ? prune[j][k] / row_sums[k] : 0;  // the sum of row k, not of row j
    }
    const double noise = pairwise_sum(psi) - psi[j];
    Vector row(prune.size());
    for (size_t k = 0; k < prune.size(); ++k) {
      row[k] = noise > 0 ? static_cast<double>(r) * psi[k] / noise : 0;
    }
    row[j] = static_cast<double>(counts[j] - r);
    result.push_back(rounded_keeping_total(row));
  }
  return result;
}

}  // namespace

Counts prune_counts(const Data& data, const FilterChoice& choice, const Table& joint) {
  Table transposed(joint.size(), Vector(joint.size()));
  for (size_t given = 0; given < joint.size(); ++given) {
    for (size_t truly = 0; truly < joint.size(); ++truly) {
      transposed[truly][given] = joint[given][truly];
    }
  }
  const Table prune =
      kept_per_class(std::move(transposed), choice.min_examples_per_class, choice.frac_noise);
  if (!choice.num_to_remove_per_class.empty()) return rescaled(data, choice, prune);
  Counts result;
  for (const Vector& row : prune) {
    std::vector<int64_t> counts;
    for (const double value : row) counts.push_back(static_cast<int64_t>(value));
    result.push_back(counts);
  }
  return result;
}

std::vector<uint8_t> label_issues(const Data& data, const FilterChoice& choice) {
  const Vector limits = choice.thresholds.empty() ? thresholds(data) : choice.thresholds;
  Mask mask(data.labels.size());
  switch (choice.filter_by) {
    case FilterBy::kPruneByNoiseRate:
    case FilterBy::kPruneByClass:
    case FilterBy::kBoth: mask = pruned(data, choice, limits); break;
    case FilterBy::kConfidentLearning: {
      const auto guess = guesses(data, limits, choice.collision);
      for (size_t i = 0; i < mask.size(); ++i) mask[i] = guess[i] && *guess[i] != data.labels[i];
      break;
    }
    case FilterBy::kPredictedNeqGiven:
      for (size_t i = 0; i < mask.size(); ++i) {
        mask[i] = argmax(data.pred_probs[i]) != data.labels[i];
      }
      break;
    case FilterBy::kAuto: return automatic(data, fitted_temperature(data)).mask;
    case FilterBy::kLowNormalizedMargin:
    case FilterBy::kLowSelfConfidence: return lowest_scores(data, choice, limits);
  }
  for (size_t i = 0; i < mask.size(); ++i) {
    if (agrees(data, i)) mask[i] = 0;
  }
  return mask;
}

}  // namespace reference
