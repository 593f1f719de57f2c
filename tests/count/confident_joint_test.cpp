// The confident joint by hand: collisions, ties, nobody confident; calibration and its rounding.
#include <gtest/gtest.h>

#include <array>
#include <cmath>
#include <limits>

#include "labelsieve/count.h"
#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::Collision;
using labelsieve::ErrorCode;
using labelsieve::SparseMatrix;
using test_support::expect_error;

SparseMatrix<double> dense(std::vector<double> values, int64_t size) {
  return SparseMatrix<double>::from_dense(values, size);
}

class Joint : public testing::Test {
 protected:
  labelsieve::ConfidentJoint count(const labelsieve::ConfidentJointOptions& options = {}) const {
    labelsieve::MemorySource source(
        labelsieve::LabelsView(labels_.data(), static_cast<int64_t>(labels_.size())),
        labelsieve::MatrixView(p_.data(), static_cast<int64_t>(labels_.size()), 3));
    return labelsieve::confident_joint(source, options);
  }

  std::vector<int> labels_;
  std::vector<double> p_;
};

// Thresholds (.5, .2, .9). The row is confident in classes 0 and 1; its best class is 2, in which
// it is not confident: only then do the two rules differ.
TEST_F(Joint, CollisionRulesDifferWhereTheBestClassIsNotConfident) {
  labels_ = {1};
  p_ = {0.52, 0.3, 0.6};
  const std::vector<double> thresholds = {0.5, 0.2, 0.9};
  EXPECT_EQ((std::vector<int64_t>{1, 0, 0, 0, 1, 1, 0, 0, 1}),
            count({.thresholds = thresholds}).counts.to_dense());
  EXPECT_EQ((std::vector<int64_t>{1, 0, 0, 1, 1, 0, 0, 0, 1}),
            count({.collision = Collision::kConfidentArgmax, .thresholds = thresholds})
                .counts.to_dense());
}

TEST_F(Joint, OneConfidentClassIsTheGuess) {
  labels_ = {2};
  p_ = {0.7, 0.25, 0.05};
  const auto joint = count({.thresholds = {0.9, 0.2, 0.9}});
  EXPECT_EQ(1, joint.counts.at(2, 1));
  EXPECT_EQ(1, joint.num_off_diagonal);
}

TEST_F(Joint, NobodyConfidentCountsNowhere) {
  labels_ = {0, 1};
  p_ = {0.4, 0.3, 0.3, 0.4, 0.3, 0.3};
  const auto joint = count({.thresholds = {0.9, 0.9, 0.9}});
  EXPECT_EQ((std::vector<int64_t>{1, 0, 0, 0, 1, 0, 0, 0, 1}), joint.counts.to_dense());
  EXPECT_EQ(0, joint.num_off_diagonal);
  EXPECT_EQ(1, joint.num_disagreeing);
}

// More classes than 16 bits of a summary hold, around the last that they do.
TEST(LargeJoint, GuessesClassesBeyondSixteenBits) {
  constexpr int64_t kClasses = 65600;
  const std::vector<int64_t> best = {0, 65533, 65534, 65535, 65536, 65599, 65535, 7};
  const std::vector<int64_t> labels = {1, 65533, 2, 65535, 3, 65599, 0, 7};
  std::vector<float> p(best.size() * kClasses, 0.0F);
  for (size_t i = 0; i < best.size(); ++i) p[i * kClasses + static_cast<size_t>(best[i])] = 0.75F;
  labelsieve::MemorySource source(
      labelsieve::LabelsView(labels.data(), static_cast<int64_t>(labels.size())),
      labelsieve::MatrixView(p.data(), static_cast<int64_t>(labels.size()), kClasses));
  const auto joint =
      labelsieve::confident_joint(source, {.thresholds = std::vector<double>(kClasses, 0.5)});
  for (size_t i = 0; i < best.size(); ++i) {
    EXPECT_EQ(1, joint.counts.at(labels[i], best[i])) << labels[i] << ", " << best[i];
  }
  EXPECT_EQ(4, joint.num_off_diagonal);
}

// A maximum whose 16 bits are those of its threshold: the numbers themselves decide.
TEST_F(Joint, MaximaNextToTheThresholdAreComparedExactly) {
  const double threshold = 0.6;
  const double limit = threshold - 1e-6;
  labels_ = {0, 0, 0};
  p_ = {limit, 0.2, 0.2, std::nextafter(limit, 0.0), 0.2, 0.2, std::nextafter(limit, 1.0),
        0.2,   0.2};
  const auto joint = count({.thresholds = {threshold, 0.9, 0.9}});
  EXPECT_EQ(2, joint.counts.at(0, 0));
}

TEST_F(Joint, TiesGoToTheLowerClass) {
  labels_ = {2};
  p_ = {0.3, 0.35, 0.35};
  EXPECT_EQ(1, count({.thresholds = {0.1, 0.1, 0.1}}).counts.at(2, 1));
}

TEST_F(Joint, ThresholdsReachAMillionthDown) {
  labels_ = {1, 1};
  p_ = {0.5 - 0.9e-6, 0, 0.4, 0.5 - 1.1e-6, 0, 0.4};
  EXPECT_EQ(1, count({.thresholds = {0.5, 0.5, 0.5}}).counts.at(1, 0));
}

TEST_F(Joint, CloseToTheMaximumIsNoIssue) {
  labels_ = {0, 0};
  p_ = {0.4, 0.4 + 0.9e-6, 0.2, 0.4, 0.4 + 1.1e-6, 0.2};
  const auto joint = count({.thresholds = {0.9, 0.3, 0.9}});
  EXPECT_EQ(2, joint.counts.at(0, 1));
  EXPECT_EQ(1, joint.num_off_diagonal);
  EXPECT_EQ(1, joint.num_disagreeing);
}

TEST_F(Joint, RowsThatDoNotAddUpAreCounted) {
  labels_ = {0, 0, 0};
  p_ = {0.5, 0.4, 0.1, 0.5, 0.2, 0.1, 1, 1, 1};
  EXPECT_EQ(2, count().num_unnormalized_rows);
}

TEST_F(Joint, InvalidProbabilitiesAreNamedByRowAndColumn) {
  constexpr double kNan = std::numeric_limits<double>::quiet_NaN();
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  for (const double wrong : {kNan, kInfinity, -kInfinity, -0.01, 1.01, 1e300}) {
    labels_ = {0, 1, 0};
    p_ = {0.5, 0.4, 0.1, 0.5, 0.4, wrong, 0.5, 0.4, wrong};
    const auto error = test_support::error_of([&] { count({.thresholds = {0.5, 0.5, 0.5}}); });
    ASSERT_TRUE(error);
    EXPECT_EQ(ErrorCode::kInvalidData, error->code());
    EXPECT_EQ(1, error->location().row) << error->what();
    EXPECT_EQ("2", error->location().column) << error->what();
  }
}

TEST_F(Joint, OvershootWithinTheToleranceIsAccepted) {
  labels_ = {0};
  p_ = {1 + 9e-7, -9e-7, 0};
  EXPECT_EQ(0, count().num_disagreeing);
}

TEST_F(Joint, WrongNumberOfThresholdsIsAnError) {
  labels_ = {0};
  p_ = {0.5, 0.4, 0.1};
  expect_error(ErrorCode::kInvalidArgument, "2 thresholds",
               [&] { count({.thresholds = {0.5, 0.5}}); });
}

TEST_F(Joint, AccumulatorsOfDifferentThresholdsDoNotMerge) {
  labelsieve::ConfidentJointAccumulator a({0.5, 0.5});
  const labelsieve::ConfidentJointAccumulator b({0.5, 0.6});
  expect_error(ErrorCode::kInvalidArgument, "merged", [&] { a.merge(b); });
}

TEST(Calibrate, GivesEveryRowItsNumberOfExamples) {
  const std::vector<int64_t> counts = {10, 0, 7};
  const auto calibrated =
      labelsieve::calibrate_confident_joint(dense({3, 1, 0, 0, 1, 0, 1, 1, 1}, 3), counts);
  const std::vector<int64_t> expected = {8, 2, 0, 0, 0, 0, 2, 2, 3};
  EXPECT_EQ(expected, calibrated.to_dense());
}

// 2.5 and 7.5 round to 2 and 8, half to even: nothing is missing.
TEST(Calibrate, RoundsHalfToEven) {
  const auto calibrated =
      labelsieve::calibrate_confident_joint(dense({3, 1, 0, 1}, 2), std::vector<int64_t>{10, 0});
  EXPECT_EQ((std::vector<int64_t>{8, 2, 0, 0}), calibrated.to_dense());
}

// Each of three thirds of 1 rounds to 0; the missing one goes to the highest index.
TEST(Calibrate, GivesWhatIsMissingToTheHigherIndex) {
  const auto calibrated = labelsieve::calibrate_confident_joint(
      dense({1, 1, 1, 0, 1, 0, 0, 0, 1}, 3), std::vector<int64_t>{1, 0, 0});
  EXPECT_EQ((std::vector<int64_t>{0, 0, 1}),
            (std::vector<int64_t>{calibrated.at(0, 0), calibrated.at(0, 1), calibrated.at(0, 2)}));
}

// 1.5 and 1.5 round to 2 and 2, one too many: it is taken from the lower index.
TEST(Calibrate, TakesWhatIsTooManyFromTheLowerIndex) {
  const auto calibrated =
      labelsieve::calibrate_confident_joint(dense({1, 1, 0, 1}, 2), std::vector<int64_t>{3, 0});
  EXPECT_EQ((std::vector<int64_t>{1, 2, 0, 0}), calibrated.to_dense());
}

TEST(Calibrate, RefusesOtherSizes) {
  expect_error(ErrorCode::kInvalidArgument, "classes", [] {
    labelsieve::calibrate_confident_joint(dense({1, 0, 0, 1}, 2), std::vector<int64_t>{1});
  });
}

TEST(EstimateJoint, SumsToOne) {
  const auto joint = labelsieve::estimate_joint(
      SparseMatrix<int64_t>::from_dense(std::vector<int64_t>{6, 2, 0, 8}, 2));
  EXPECT_EQ((std::vector<double>{0.375, 0.125, 0, 0.5}), joint.to_dense());
  EXPECT_EQ(2, labelsieve::num_label_issues(joint, 16));
  EXPECT_EQ(125, labelsieve::num_label_issues(joint, 1000));
}

TEST(LargeNumberOfClasses, NeedsNoSquareMatrix) {
  constexpr int64_t kClasses = 50000;  // a K×K matrix of bytes alone would be 2.5 GB
  constexpr int64_t kExamples = 300;
  std::vector<int32_t> labels;
  std::vector<labelsieve::float16> p(kExamples * kClasses);
  for (int64_t i = 0; i < kExamples; ++i) {
    labels.push_back(static_cast<int32_t>(i * 37 % 100 * 500));
    const int64_t sure = i % 10 == 0 ? (labels.back() + 500) % kClasses : labels.back();
    p[static_cast<size_t>(i * kClasses + sure)].bits = 0x3C00;  // 1
  }
  labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), kExamples),
                                  labelsieve::MatrixView(p.data(), kExamples, kClasses));
  const auto joint = labelsieve::confident_joint(source);
  EXPECT_LE(static_cast<int64_t>(joint.counts.values.size()), kExamples + kClasses);
  EXPECT_EQ(30, joint.num_disagreeing);
}

}  // namespace
