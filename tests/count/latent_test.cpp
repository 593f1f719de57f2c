// Latent estimates by hand, and what they refuse.
#include "labelsieve/latent.h"

#include <gtest/gtest.h>

#include <numeric>

#include "support/errors.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::PriorMethod;
using labelsieve::SparseMatrix;
using test_support::expect_error;

const std::vector<int64_t> kLabelCounts = {40, 60};

/// Given 0: 30 are truly 0, 10 truly 1. Given 1: 12 truly 0, 48 truly 1.
SparseMatrix<double> joint() {
  return SparseMatrix<double>::from_dense(std::vector<double>{30, 10, 12, 48}, 2);
}

TEST(Latent, NoiseMatricesAreConditionalsOfTheJoint) {
  const auto latent = labelsieve::estimate_latent(joint(), kLabelCounts);
  EXPECT_NEAR(30.0 / 42, latent.noise_matrix.at(0, 0), 1e-15);
  EXPECT_NEAR(10.0 / 58, latent.noise_matrix.at(0, 1), 1e-15);
  EXPECT_NEAR(30.0 / 40, latent.inverse_noise_matrix.at(0, 0), 1e-15);
  EXPECT_NEAR(10.0 / 40, latent.inverse_noise_matrix.at(1, 0), 1e-15);
}

TEST(Latent, AllPriorsAgreeOnACalibratedJoint) {
  for (const PriorMethod method :
       {PriorMethod::kCnt, PriorMethod::kEqn, PriorMethod::kMarginal, PriorMethod::kMarginalPs}) {
    for (const bool converge : {false, true}) {
      const auto latent = labelsieve::estimate_latent(
          joint(), kLabelCounts, {.prior_method = method, .converge = converge});
      EXPECT_NEAR(0.42, latent.prior[0], 1e-12) << static_cast<int>(method);
      EXPECT_NEAR(0.58, latent.prior[1], 1e-12) << static_cast<int>(method);
    }
  }
}

TEST(Latent, PriorsAreNotBelowAMillionth) {
  const auto only_zero = SparseMatrix<double>::from_dense(std::vector<double>{9, 0, 1, 0}, 2);
  const auto latent = labelsieve::estimate_latent(only_zero, std::vector<int64_t>{9, 1},
                                                  {.prior_method = PriorMethod::kMarginal});
  EXPECT_NEAR(1e-6, latent.prior[1], 1e-11);
  EXPECT_NEAR(1, std::accumulate(latent.prior.begin(), latent.prior.end(), 0.0), 1e-15);
}

TEST(Latent, EqnRefusesASingularNoiseMatrix) {
  const auto singular = SparseMatrix<double>::from_dense(std::vector<double>{9, 0, 1, 0}, 2);
  expect_error(ErrorCode::kInvalidArgument, "inverted", [&] {
    labelsieve::estimate_latent(singular, std::vector<int64_t>{9, 1},
                                {.prior_method = PriorMethod::kEqn});
  });
}

TEST(Latent, RefusesOtherSizes) {
  expect_error(ErrorCode::kInvalidArgument, "classes",
               [] { labelsieve::estimate_latent(joint(), std::vector<int64_t>{1, 2, 3}); });
}

}  // namespace
