// What is behind the noise: the prior of true labels and the two noise matrices.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// How the prior P(true) is computed (definitions.md §2).
enum class PriorMethod : uint8_t {
  kCnt,         ///< From the diagonals of both noise matrices. The default.
  kEqn,         ///< Solves noise_matrix · prior = P(given). Cost: O(K³), refused above K = 8192.
  kMarginal,    ///< The column sums of the joint.
  kMarginalPs,  ///< inverse_noise_matrix · P(given).
};

struct LatentOptions {
  PriorMethod prior_method = PriorMethod::kCnt;
  bool converge = false;  ///< Make the three agree: 3 × (5 × (inverse, prior), noise matrix).
};

struct LatentEstimates {
  std::vector<double> prior;                  ///< P(true = k), sums to 1.
  SparseMatrix<double> noise_matrix;          ///< P(given | true), rows given, columns true.
  SparseMatrix<double> inverse_noise_matrix;  ///< P(true | given), rows true, columns given.
};

/// Estimates from a joint (counts or weights, rows given, columns true) and the number of examples
/// with each given label. Throws Error{kInvalidArgument} when sizes differ, or with kEqn when the
/// noise matrix cannot be inverted (a class that no example has).
LatentEstimates estimate_latent(const SparseMatrix<double>& joint,
                                std::span<const int64_t> label_counts,
                                const LatentOptions& options = {});

// The steps of estimate_latent, for those who have some of its results already. Vectors have K
// elements; `given_prior` is P(given = k). Throw Error{kInvalidArgument} when sizes differ.

/// P(true) by `method`; `true_counts` (the joint's column sums) is needed for kMarginal alone.
std::vector<double> compute_prior(std::span<const double> given_prior,
                                  const SparseMatrix<double>& noise_matrix,
                                  const SparseMatrix<double>& inverse_noise_matrix,
                                  PriorMethod method, std::span<const double> true_counts = {});

/// P(true | given) from P(given | true) and both priors, its rates clipped at .9999.
SparseMatrix<double> compute_inverse_noise_matrix(const SparseMatrix<double>& noise_matrix,
                                                  std::span<const double> prior,
                                                  std::span<const double> given_prior);

/// P(given | true) from P(true | given) and both priors, its rates clipped at .9999.
SparseMatrix<double> compute_noise_matrix(const SparseMatrix<double>& inverse_noise_matrix,
                                          std::span<const double> prior,
                                          std::span<const double> given_prior);

}  // namespace labelsieve
