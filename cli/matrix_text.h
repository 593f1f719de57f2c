// Joints and noise matrices as rows and as JSON.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/count.h"
#include "labelsieve/latent.h"
#include "output.h"

namespace labelsieve::cli {

/// Everything that `labelsieve joint` shows.
struct JointEstimates {
  ConfidentJoint joint;
  SparseMatrix<double> estimated_joint;
  LatentEstimates latent;
  int64_t num_label_issues = 0;  ///< Off-diagonal mass of the estimated joint times N.
};

/// The five matrices at one (given, true).
struct JointEntry {
  int64_t given = 0;
  int64_t truth = 0;
  int64_t count = 0;
  int64_t calibrated = 0;
  double probability = 0;
  double noise = 0;          ///< P(given | true)
  double inverse_noise = 0;  ///< P(true | given)
};

/// Every (given, true) that any of the matrices stores, by given, then true.
std::vector<JointEntry> joint_entries(const JointEstimates& estimates);

/// Up to this many classes matrices are lists of rows in JSON; above, lists of [given, true,
/// value].
inline constexpr int64_t kLargestDenseMatrix = 1000;

/// `,"thresholds":[…],"confident_joint":…` and so on; thresholds of absent classes are null.
void write_json_estimates(const JointEstimates& estimates, Output& output);

}  // namespace labelsieve::cli
