// Thresholds, joints, latent estimates and health of the engine against the oracle.
#include <gtest/gtest.h>

#include "labelsieve/count.h"
#include "labelsieve/health.h"
#include "labelsieve/latent.h"
#include "reference/compare.h"
#include "support/sources.h"

namespace {

using labelsieve::Collision;
using labelsieve::FloatType;
using labelsieve::SparseMatrix;
using reference::near;
using reference::same_counts;
using test_support::Data;
using test_support::Stored;

constexpr Collision kCollisions[] = {Collision::kRowArgmax, Collision::kConfidentArgmax};

SparseMatrix<double> sparse(const reference::Table& table) {
  return SparseMatrix<double>::from_dense(reference::flat(table),
                                          static_cast<int64_t>(table.size()));
}

class Counting : public testing::TestWithParam<reference::Case> {};
INSTANTIATE_TEST_SUITE_P(Data, Counting, testing::ValuesIn(reference::all_cases()),
                         reference::case_name);

TEST_P(Counting, ThresholdsEqualTheOracle) {
  for (const FloatType type : reference::kAllFloatTypes) {
    SCOPED_TRACE(test_support::name(type));
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Stored stored(data);
    labelsieve::MemorySource source = stored.source();
    EXPECT_TRUE(near(reference::thresholds(data), labelsieve::confident_thresholds(source), 1e-15));
  }
}

TEST_P(Counting, ConfidentJointEqualsTheOracle) {
  for (const FloatType type : reference::kAllFloatTypes) {
    const Data data = test_support::rounded_to(type, reference::make_case(GetParam()));
    const Stored stored(data);
    labelsieve::MemorySource source = stored.source();
    for (const Collision collision : kCollisions) {
      SCOPED_TRACE(test_support::name(type) + ", collision " +
                   std::to_string(static_cast<int>(collision)));
      const labelsieve::ConfidentJoint joint =
          labelsieve::confident_joint(source, {.collision = collision});
      const reference::Vector thresholds = reference::thresholds(data);
      const reference::Counts counts = reference::confident_joint(data, thresholds, collision);
      EXPECT_TRUE(same_counts(counts, joint.counts));
      EXPECT_EQ(reference::label_counts(data), joint.label_counts);
      EXPECT_TRUE(
          same_counts(reference::calibrated(reference::to_table(counts), joint.label_counts),
                      joint.calibrated));
      EXPECT_EQ(reference::num_off_diagonal(data, thresholds, collision), joint.num_off_diagonal);
      int64_t disagreeing = 0;
      for (size_t i = 0; i < data.labels.size(); ++i) disagreeing += !reference::agrees(data, i);
      EXPECT_EQ(disagreeing, joint.num_disagreeing);
    }
  }
}

TEST_P(Counting, GivenThresholdsAreUsed) {
  const Data data = reference::make_case(GetParam());
  const reference::Vector thresholds(static_cast<size_t>(data.num_classes), 0.2);
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  for (const Collision collision : kCollisions) {
    const labelsieve::ConfidentJoint joint =
        labelsieve::confident_joint(source, {.collision = collision, .thresholds = thresholds});
    EXPECT_EQ(thresholds, joint.thresholds);
    EXPECT_TRUE(same_counts(reference::confident_joint(data, thresholds, collision), joint.counts));
  }
}

TEST_P(Counting, EstimatedJointAndNumberOfIssuesEqualTheOracle) {
  const Data data = reference::make_case(GetParam());
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  const auto joint = labelsieve::confident_joint(source);
  const reference::Table expected = reference::estimated_joint(
      reference::calibrated(reference::to_table(reference::confident_joint(
                                data, reference::thresholds(data), Collision::kRowArgmax)),
                            reference::label_counts(data)));
  const SparseMatrix<double> estimated = labelsieve::estimate_joint(joint.calibrated);
  EXPECT_TRUE(near(reference::flat(expected), estimated.to_dense(), 1e-15));
  double diagonal = 0;
  for (size_t k = 0; k < expected.size(); ++k) diagonal += expected[k][k];
  const double off_diagonal = (1 - diagonal) * static_cast<double>(data.size());
  EXPECT_EQ(static_cast<int64_t>(std::nearbyint(off_diagonal)),
            labelsieve::num_label_issues(estimated, data.size()));
}

TEST_P(Counting, LatentEstimatesEqualTheOracle) {
  using labelsieve::PriorMethod;
  const auto [kind, num_classes] = GetParam();
  if (num_classes > 100) return;  // the oracle's matrices are dense: K³ operations
  const Data data = reference::make_case(GetParam());
  const Stored stored(data);
  labelsieve::MemorySource source = stored.source();
  const auto joint = labelsieve::confident_joint(source);
  const reference::Table counts = reference::to_table(
      reference::confident_joint(data, reference::thresholds(data), Collision::kRowArgmax));
  for (const PriorMethod method :
       {PriorMethod::kCnt, PriorMethod::kEqn, PriorMethod::kMarginal, PriorMethod::kMarginalPs}) {
    for (const bool converge : {false, true}) {
      SCOPED_TRACE("method " + std::to_string(static_cast<int>(method)) +
                   (converge ? ", converged" : ""));
      const auto expected = reference::latent(counts, joint.label_counts, method, converge);
      const auto actual = labelsieve::estimate_latent(
          sparse(counts), joint.label_counts, {.prior_method = method, .converge = converge});
      EXPECT_TRUE(near(expected.prior, actual.prior, 1e-9));
      EXPECT_TRUE(
          near(reference::flat(expected.noise_matrix), actual.noise_matrix.to_dense(), 1e-9));
      EXPECT_TRUE(near(reference::flat(expected.inverse_noise_matrix),
                       actual.inverse_noise_matrix.to_dense(), 1e-9));
    }
  }
}

TEST_P(Counting, HealthEqualsTheOracle) {
  const Data data = reference::make_case(GetParam());
  const reference::Table joint = reference::estimated_joint(
      reference::calibrated(reference::to_table(reference::confident_joint(
                                data, reference::thresholds(data), Collision::kRowArgmax)),
                            reference::label_counts(data)));
  const auto expected = reference::class_health(joint, data.size());
  const auto actual = labelsieve::rank_classes_by_label_quality(
      sparse(joint), reference::label_counts(data), data.size());
  ASSERT_EQ(expected.size(), actual.size());
  for (size_t c = 0; c < expected.size(); ++c) {
    SCOPED_TRACE("place " + std::to_string(c));
    EXPECT_NEAR(expected[c].quality, actual[c].label_quality_score, 1e-12);
    EXPECT_EQ(expected[c].label, actual[c].label);
    EXPECT_EQ(expected[c].label_issues, actual[c].label_issues);
    EXPECT_EQ(expected[c].inverse_label_issues, actual[c].inverse_label_issues);
    EXPECT_NEAR(expected[c].label_noise, actual[c].label_noise, 1e-12);
    EXPECT_NEAR(expected[c].inverse_label_noise, actual[c].inverse_label_noise, 1e-12);
    EXPECT_EQ(reference::label_counts(data)[static_cast<size_t>(expected[c].label)],
              actual[c].num_examples);
  }
}

TEST_P(Counting, OverlapsEqualTheOracle) {
  const auto [kind, num_classes] = GetParam();
  if (num_classes > 100) return;  // a million pairs in the oracle
  const Data data = reference::make_case(GetParam());
  const reference::Table joint = reference::estimated_joint(
      reference::calibrated(reference::to_table(reference::confident_joint(
                                data, reference::thresholds(data), Collision::kRowArgmax)),
                            reference::label_counts(data)));
  for (const bool asymmetric : {false, true}) {
    const auto expected = reference::overlaps(joint, data.size(), asymmetric);
    const auto all = labelsieve::find_overlapping_classes(
        sparse(joint), data.size(), {.asymmetric = asymmetric, .include_zero_pairs = true});
    const auto some = labelsieve::find_overlapping_classes(sparse(joint), data.size(),
                                                           {.asymmetric = asymmetric});
    ASSERT_EQ(expected.size(), all.size());
    size_t non_zero = 0;
    for (size_t p = 0; p < expected.size(); ++p) {
      SCOPED_TRACE("place " + std::to_string(p));
      EXPECT_EQ(expected[p].class_a, all[p].class_a);
      EXPECT_EQ(expected[p].class_b, all[p].class_b);
      EXPECT_EQ(expected[p].count, all[p].num_overlapping);
      EXPECT_NEAR(expected[p].probability, all[p].joint_probability, 1e-12);
      non_zero += expected[p].probability > 0;
    }
    EXPECT_EQ(non_zero, some.size());
  }
}

}  // namespace
