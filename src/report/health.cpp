#include "labelsieve/health.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

namespace labelsieve {
namespace {

constexpr double kLowestMass = 1e-6;

int64_t to_count(double mass, int64_t num_examples) {
  return static_cast<int64_t>(std::nearbyint(mass * static_cast<double>(num_examples)));
}

/// Every pair of classes with its joint probability, the absent ones with 0.
std::vector<ClassOverlap> all_pairs(const SparseMatrix<double>& joint, bool asymmetric) {
  std::vector<ClassOverlap> pairs;
  for (int32_t a = 0; a < joint.size; ++a) {
    for (int32_t b = asymmetric ? 0 : a + 1; b < joint.size; ++b) {
      if (a == b) continue;
      pairs.push_back({a, b, 0, joint.at(a, b) + (asymmetric ? 0 : joint.at(b, a))});
    }
  }
  return pairs;
}

std::vector<ClassOverlap> overlapping_pairs(const SparseMatrix<double>& joint, bool asymmetric) {
  std::map<std::pair<int32_t, int32_t>, double> mass;
  for (int32_t given = 0; given < joint.size; ++given) {
    const auto columns = joint.row_columns(given);
    const auto values = joint.row_values(given);
    for (size_t e = 0; e < columns.size(); ++e) {
      const int32_t truth = columns[e];
      if (truth == given || values[e] == 0) continue;
      const bool swap = !asymmetric && truth < given;
      mass[swap ? std::pair{truth, given} : std::pair{given, truth}] += values[e];
    }
  }
  std::vector<ClassOverlap> pairs;
  for (const auto& [pair, probability] : mass) {
    pairs.push_back({pair.first, pair.second, 0, probability});
  }
  return pairs;
}

}  // namespace

std::vector<ClassQuality> rank_classes_by_label_quality(const SparseMatrix<double>& joint,
                                                        std::span<const int64_t> label_counts,
                                                        int64_t num_examples) {
  const SparseMatrix<double> by_true = joint.transposed();
  std::vector<ClassQuality> classes;
  classes.reserve(static_cast<size_t>(joint.size));
  for (int32_t k = 0; k < joint.size; ++k) {
    double given_mass = 0;
    double true_mass = 0;
    for (const double value : joint.row_values(k)) given_mass += value;
    for (const double value : by_true.row_values(k)) true_mass += value;
    const double own = joint.at(k, k);
    ClassQuality quality;
    quality.label = k;
    quality.num_examples = label_counts[k];
    quality.label_issues = to_count(given_mass - own, num_examples);
    quality.inverse_label_issues = to_count(true_mass - own, num_examples);
    quality.label_noise = (given_mass - own) / std::max(given_mass, kLowestMass);
    quality.inverse_label_noise = (true_mass - own) / std::max(true_mass, kLowestMass);
    quality.label_quality_score = 1 - quality.label_noise;
    classes.push_back(quality);
  }
  std::stable_sort(classes.begin(), classes.end(),
                   [](const ClassQuality& a, const ClassQuality& b) {
                     return a.label_quality_score < b.label_quality_score;
                   });
  return classes;
}

std::vector<ClassOverlap> find_overlapping_classes(const SparseMatrix<double>& joint,
                                                   int64_t num_examples,
                                                   const OverlapOptions& options) {
  std::vector<ClassOverlap> pairs = options.include_zero_pairs
                                        ? all_pairs(joint, options.asymmetric)
                                        : overlapping_pairs(joint, options.asymmetric);
  for (ClassOverlap& pair : pairs) {
    pair.num_overlapping = to_count(pair.joint_probability, num_examples);
  }
  // Both ways of listing the pairs give them in ascending (a, b).
  std::stable_sort(pairs.begin(), pairs.end(), [](const ClassOverlap& a, const ClassOverlap& b) {
    return a.joint_probability > b.joint_probability;
  });
  return pairs;
}

double overall_label_health_score(int64_t num_issues, int64_t num_examples) {
  return 1.0 - static_cast<double>(num_issues) / static_cast<double>(num_examples);
}

}  // namespace labelsieve
