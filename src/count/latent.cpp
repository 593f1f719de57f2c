#include "labelsieve/latent.h"

#include <Eigen/Dense>

#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "base/refuse_argument.h"

namespace labelsieve {
namespace {

using Matrix = SparseMatrix<double>;
using Vector = std::vector<double>;

constexpr double kTiny = 1e-100;       // keeps empty classes from dividing by zero
constexpr double kLowestPrior = 1e-6;  // no class is impossible
constexpr double kLowestConvergedPrior = 1e-5;
constexpr double kHighestNoiseRate = 0.9999;
constexpr int64_t kMaxSolvedClasses = 8192;

void check_size(int64_t size, int64_t expected, const char* what) {
  if (size != expected) {
    refuse_argument(std::string(what) + " has " + std::to_string(size) + " classes, the matrix " +
                    std::to_string(expected));
  }
}

Vector row_sums(const Matrix& matrix) {
  Vector sums(static_cast<size_t>(matrix.size));
  for (int64_t row = 0; row < matrix.size; ++row) {
    const auto values = matrix.row_values(row);
    sums[row] = std::accumulate(values.begin(), values.end(), 0.0);
  }
  return sums;
}

Vector column_sums(const Matrix& matrix) {
  Vector sums(static_cast<size_t>(matrix.size));
  for (size_t e = 0; e < matrix.columns.size(); ++e) sums[matrix.columns[e]] += matrix.values[e];
  return sums;
}

/// Calls f(row, column, value) for every stored element.
template <class F>
void for_each_element(Matrix& matrix, const F& f) {
  for (int64_t row = 0; row < matrix.size; ++row) {
    for (int64_t e = matrix.row_offsets[row]; e < matrix.row_offsets[row + 1]; ++e) {
      f(row, static_cast<int64_t>(matrix.columns[e]), matrix.values[e]);
    }
  }
}

void divide_columns(Matrix& matrix, const Vector& divisors) {
  for_each_element(matrix, [&](int64_t, int64_t column, double& value) {
    value /= std::max(divisors[column], kTiny);
  });
}

void clip_noise_rates(Matrix& matrix) {
  for_each_element(matrix, [](int64_t row, int64_t column, double& value) {
    if (row != column) value = std::clamp(value, 0.0, kHighestNoiseRate);
  });
  divide_columns(matrix, column_sums(matrix));
}

void clip_prior(Vector& prior, double lowest) {
  for (double& p : prior) p = std::clamp(p, lowest, 1.0);
  const double sum = std::max(std::accumulate(prior.begin(), prior.end(), 0.0), kTiny);
  for (double& p : prior) p /= sum;
}

/// P(row | column) · P(column) / P(row), transposed: Bayes' rule for either noise matrix.
Matrix reverse(const Matrix& conditional, std::span<const double> column_prior,
               std::span<const double> row_prior) {
  Matrix joint = conditional;
  for_each_element(joint, [&](int64_t row, int64_t column, double& value) {
    value = value * column_prior[column] / std::max(row_prior[row], kTiny);
  });
  Matrix reversed = joint.transposed();
  clip_noise_rates(reversed);
  return reversed;
}

Vector solve_prior(const Matrix& noise_matrix, std::span<const double> given_prior) {
  const int64_t size = noise_matrix.size;
  if (size > kMaxSolvedClasses) {
    refuse_argument("the prior method eqn solves a dense system; it is limited to " +
                    std::to_string(kMaxSolvedClasses) + " classes, here are " +
                    std::to_string(size) + ": use cnt");
  }
  const auto dense = noise_matrix.to_dense();
  const Eigen::Map<const Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>>
      matrix(dense.data(), size, size);
  const Eigen::Map<const Eigen::VectorXd> given(given_prior.data(), size);
  const Eigen::PartialPivLU<Eigen::MatrixXd> solver(matrix);
  if ((solver.matrixLU().diagonal().array() == 0.0).any()) {
    refuse_argument(
        "the noise matrix cannot be inverted, as when a class has no example: use the "
        "prior method cnt, marginal or marginal_ps");
  }
  const Eigen::VectorXd solution = solver.solve(given);
  return {solution.data(), solution.data() + size};
}

}  // namespace

std::vector<double> compute_prior(std::span<const double> given_prior, const Matrix& noise_matrix,
                                  const Matrix& inverse_noise_matrix, PriorMethod method,
                                  std::span<const double> true_counts) {
  const int64_t size = noise_matrix.size;
  check_size(static_cast<int64_t>(given_prior.size()), size, "the prior of given labels");
  check_size(inverse_noise_matrix.size, size, "the inverse noise matrix");
  Vector prior(static_cast<size_t>(size));
  switch (method) {
    case PriorMethod::kCnt:
      for (int64_t k = 0; k < size; ++k) {
        prior[k] =
            inverse_noise_matrix.at(k, k) / std::max(noise_matrix.at(k, k), kTiny) * given_prior[k];
      }
      break;
    case PriorMethod::kEqn: prior = solve_prior(noise_matrix, given_prior); break;
    case PriorMethod::kMarginal: {
      check_size(static_cast<int64_t>(true_counts.size()), size, "the counts of true labels");
      const double sum =
          std::max(std::accumulate(true_counts.begin(), true_counts.end(), 0.0), kTiny);
      for (int64_t k = 0; k < size; ++k) prior[k] = true_counts[k] / sum;
      break;
    }
    case PriorMethod::kMarginalPs:
      for (int64_t k = 0; k < size; ++k) {
        const auto columns = inverse_noise_matrix.row_columns(k);
        const auto values = inverse_noise_matrix.row_values(k);
        for (size_t e = 0; e < columns.size(); ++e) prior[k] += values[e] * given_prior[columns[e]];
      }
      break;
  }
  clip_prior(prior, kLowestPrior);
  return prior;
}

Matrix compute_inverse_noise_matrix(const Matrix& noise_matrix, std::span<const double> prior,
                                    std::span<const double> given_prior) {
  check_size(static_cast<int64_t>(prior.size()), noise_matrix.size, "the prior");
  check_size(static_cast<int64_t>(given_prior.size()), noise_matrix.size,
             "the prior of given labels");
  return reverse(noise_matrix, prior, given_prior);
}

Matrix compute_noise_matrix(const Matrix& inverse_noise_matrix, std::span<const double> prior,
                            std::span<const double> given_prior) {
  check_size(static_cast<int64_t>(prior.size()), inverse_noise_matrix.size, "the prior");
  check_size(static_cast<int64_t>(given_prior.size()), inverse_noise_matrix.size,
             "the prior of given labels");
  return reverse(inverse_noise_matrix, given_prior, prior);
}

LatentEstimates estimate_latent(const Matrix& joint, std::span<const int64_t> label_counts,
                                const LatentOptions& options) {
  check_size(static_cast<int64_t>(label_counts.size()), joint.size, "the label counts");
  const auto num_examples =
      static_cast<double>(std::accumulate(label_counts.begin(), label_counts.end(), int64_t{0}));
  Vector given_prior(label_counts.size());
  for (size_t k = 0; k < given_prior.size(); ++k) {
    given_prior[k] = static_cast<double>(label_counts[k]) / std::max(num_examples, kTiny);
  }

  const Vector true_counts = column_sums(joint);
  LatentEstimates result;
  result.noise_matrix = joint;
  divide_columns(result.noise_matrix, true_counts);
  result.inverse_noise_matrix = joint.transposed();
  divide_columns(result.inverse_noise_matrix, row_sums(joint));
  result.prior = compute_prior(given_prior, result.noise_matrix, result.inverse_noise_matrix,
                               options.prior_method, true_counts);
  clip_noise_rates(result.noise_matrix);
  clip_noise_rates(result.inverse_noise_matrix);
  if (!options.converge) return result;

  for (int outer = 0; outer < 3; ++outer) {
    for (int inner = 0; inner < 5; ++inner) {
      result.inverse_noise_matrix = reverse(result.noise_matrix, result.prior, given_prior);
      result.prior = compute_prior(given_prior, result.noise_matrix, result.inverse_noise_matrix,
                                   PriorMethod::kCnt);
    }
    result.noise_matrix = reverse(result.inverse_noise_matrix, given_prior, result.prior);
  }
  clip_prior(result.prior, kLowestConvergedPrior);
  clip_noise_rates(result.noise_matrix);
  clip_noise_rates(result.inverse_noise_matrix);
  return result;
}

}  // namespace labelsieve
