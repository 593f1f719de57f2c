// §2 and §7 of docs/definitions.md: latent estimates and dataset health.
#include "reference/reference.h"

#include <algorithm>
#include <cmath>
#include <numeric>
#include <utility>

namespace reference {
namespace {

constexpr double kTiny = 1e-100;

double column_sum(const Table& table, size_t column) {
  double sum = 0;
  for (const Vector& row : table) sum += row[column];
  return sum;
}

Table transposed(const Table& table) {
  Table result(table.size(), Vector(table.size()));
  for (size_t r = 0; r < table.size(); ++r) {
    for (size_t c = 0; c < table.size(); ++c) result[c][r] = table[r][c];
  }
  return result;
}

/// Every column divided by its sum.
Table normalized_columns(Table table) {
  for (size_t c = 0; c < table.size(); ++c) {
    const double sum = std::max(column_sum(table, c), kTiny);
    for (Vector& row : table) row[c] /= sum;
  }
  return table;
}

Table clipped_rates(Table table) {
  for (size_t r = 0; r < table.size(); ++r) {
    for (size_t c = 0; c < table.size(); ++c) {
      if (r != c) table[r][c] = std::clamp(table[r][c], 0.0, 0.9999);
    }
  }
  return normalized_columns(std::move(table));
}

Vector clipped_prior(Vector prior, double lowest) {
  for (double& p : prior) p = std::clamp(p, lowest, 1.0);
  const double sum = std::accumulate(prior.begin(), prior.end(), 0.0);
  for (double& p : prior) p /= sum;
  return prior;
}

/// Gaussian elimination with row exchange.
Vector solved(Table a, Vector b) {
  for (size_t c = 0; c < a.size(); ++c) {
    size_t pivot = c;
    for (size_t r = c; r < a.size(); ++r) {
      if (std::abs(a[r][c]) > std::abs(a[pivot][c])) pivot = r;
    }
    std::swap(a[c], a[pivot]);
    std::swap(b[c], b[pivot]);
    for (size_t r = 0; r < a.size(); ++r) {
      if (r == c) continue;
      const double factor = a[r][c] / a[c][c];
      for (size_t k = c; k < a.size(); ++k) a[r][k] -= factor * a[c][k];
      b[r] -= factor * b[c];
    }
  }
  for (size_t c = 0; c < a.size(); ++c) b[c] /= a[c][c];
  return b;
}

Vector prior_by_diagonals(const Latent& latent, const Vector& given) {
  Vector prior;
  for (size_t k = 0; k < given.size(); ++k) {
    prior.push_back(latent.inverse_noise_matrix[k][k] / std::max(latent.noise_matrix[k][k], kTiny) *
                    given[k]);
  }
  return prior;
}

void converge_estimates(Latent& latent, const Vector& given) {
  const size_t classes = given.size();
  for (int outer = 0; outer < 3; ++outer) {
    for (int inner = 0; inner < 5; ++inner) {
      for (size_t t = 0; t < classes; ++t) {
        for (size_t g = 0; g < classes; ++g) {
          latent.inverse_noise_matrix[t][g] =
              latent.noise_matrix[g][t] * latent.prior[t] / std::max(given[g], kTiny);
        }
      }
      latent.inverse_noise_matrix = clipped_rates(latent.inverse_noise_matrix);
      latent.prior = clipped_prior(prior_by_diagonals(latent, given), 1e-6);
    }
    for (size_t g = 0; g < classes; ++g) {
      for (size_t t = 0; t < classes; ++t) {
        latent.noise_matrix[g][t] =
            latent.inverse_noise_matrix[t][g] * given[g] / std::max(latent.prior[t], kTiny);
      }
    }
    latent.noise_matrix = clipped_rates(latent.noise_matrix);
  }
  latent.prior = clipped_prior(latent.prior, 1e-5);
  latent.noise_matrix = clipped_rates(latent.noise_matrix);
  latent.inverse_noise_matrix = clipped_rates(latent.inverse_noise_matrix);
}

}  // namespace

Latent latent(const Table& joint, const std::vector<int64_t>& label_counts,
              labelsieve::PriorMethod method, bool converge) {
  Vector given(label_counts.begin(), label_counts.end());
  const double examples = std::accumulate(given.begin(), given.end(), 0.0);
  for (double& p : given) p /= examples;

  Latent result;
  result.noise_matrix = normalized_columns(joint);
  result.inverse_noise_matrix = normalized_columns(transposed(joint));
  switch (method) {
    case labelsieve::PriorMethod::kCnt: result.prior = prior_by_diagonals(result, given); break;
    case labelsieve::PriorMethod::kEqn: result.prior = solved(result.noise_matrix, given); break;
    case labelsieve::PriorMethod::kMarginal: {
      double total = 0;
      for (size_t k = 0; k < joint.size(); ++k) total += column_sum(joint, k);
      for (size_t k = 0; k < joint.size(); ++k) {
        result.prior.push_back(column_sum(joint, k) / total);
      }
      break;
    }
    case labelsieve::PriorMethod::kMarginalPs:
      for (const Vector& row : result.inverse_noise_matrix) {
        result.prior.push_back(std::inner_product(row.begin(), row.end(), given.begin(), 0.0));
      }
      break;
  }
  result.prior = clipped_prior(result.prior, 1e-6);
  result.noise_matrix = clipped_rates(result.noise_matrix);
  result.inverse_noise_matrix = clipped_rates(result.inverse_noise_matrix);
  if (converge) converge_estimates(result, given);
  return result;
}

std::vector<ClassHealth> class_health(const Table& joint, int64_t num_examples) {
  const auto n = static_cast<double>(num_examples);
  std::vector<ClassHealth> classes;
  for (size_t k = 0; k < joint.size(); ++k) {
    const double row = std::accumulate(joint[k].begin(), joint[k].end(), 0.0);
    const double column = column_sum(joint, k);
    ClassHealth health;
    health.label = static_cast<int64_t>(k);
    health.label_issues = static_cast<int64_t>(std::nearbyint((row - joint[k][k]) * n));
    health.inverse_label_issues = static_cast<int64_t>(std::nearbyint((column - joint[k][k]) * n));
    health.label_noise = (row - joint[k][k]) / std::max(row, 1e-6);
    health.inverse_label_noise = (column - joint[k][k]) / std::max(column, 1e-6);
    health.quality = 1 - health.label_noise;
    classes.push_back(health);
  }
  std::stable_sort(classes.begin(), classes.end(), [](const ClassHealth& a, const ClassHealth& b) {
    return a.quality < b.quality;
  });
  return classes;
}

std::vector<Overlap> overlaps(const Table& joint, int64_t num_examples, bool asymmetric) {
  std::vector<Overlap> pairs;
  for (size_t a = 0; a < joint.size(); ++a) {
    for (size_t b = asymmetric ? 0 : a + 1; b < joint.size(); ++b) {
      if (a == b) continue;
      const double mass = asymmetric ? joint[a][b] : joint[a][b] + joint[b][a];
      const double count = std::nearbyint(mass * static_cast<double>(num_examples));
      pairs.push_back(
          {static_cast<int64_t>(a), static_cast<int64_t>(b), static_cast<int64_t>(count), mass});
    }
  }
  std::stable_sort(pairs.begin(), pairs.end(), [](const Overlap& x, const Overlap& y) {
    return x.probability > y.probability;
  });
  return pairs;
}

}  // namespace reference
