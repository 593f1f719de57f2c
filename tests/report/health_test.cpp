// Classes and pairs by hand.
#include "labelsieve/health.h"

#include <gtest/gtest.h>

namespace {

using labelsieve::SparseMatrix;

// Rows given, columns true. Class 2 has no example.
const SparseMatrix<double> kJoint = SparseMatrix<double>::from_dense(
    std::vector<double>{0.5, 0.125, 0, 0.0625, 0.3125, 0, 0, 0, 0}, 3);
const std::vector<int64_t> kCounts = {10, 6, 0};

TEST(Health, ClassesByLabelQuality) {
  const auto classes = labelsieve::rank_classes_by_label_quality(kJoint, kCounts, 16);
  ASSERT_EQ(3U, classes.size());
  EXPECT_EQ(0, classes[0].label);
  EXPECT_EQ(10, classes[0].num_examples);
  EXPECT_EQ(2, classes[0].label_issues);
  EXPECT_EQ(1, classes[0].inverse_label_issues);
  EXPECT_DOUBLE_EQ(0.2, classes[0].label_noise);
  EXPECT_DOUBLE_EQ(0.8, classes[0].label_quality_score);
  EXPECT_DOUBLE_EQ(1.0 / 9, classes[0].inverse_label_noise);
  EXPECT_EQ(1, classes[1].label);
  EXPECT_EQ(2, classes[2].label);
  EXPECT_EQ(1, classes[2].label_quality_score);  // an empty class
}

TEST(Health, PairsByOverlap) {
  const auto pairs = labelsieve::find_overlapping_classes(kJoint, 16);
  ASSERT_EQ(1U, pairs.size());
  EXPECT_EQ(0, pairs[0].class_a);
  EXPECT_EQ(1, pairs[0].class_b);
  EXPECT_EQ(3, pairs[0].num_overlapping);
  EXPECT_DOUBLE_EQ(0.1875, pairs[0].joint_probability);
}

TEST(Health, PairsByDirection) {
  const auto pairs = labelsieve::find_overlapping_classes(kJoint, 16, {.asymmetric = true});
  ASSERT_EQ(2U, pairs.size());
  EXPECT_EQ(0, pairs[0].class_a);  // given 0, truly 1
  EXPECT_EQ(2, pairs[0].num_overlapping);
  EXPECT_EQ(1, pairs[1].class_a);
}

TEST(Health, AllPairsWhenAskedFor) {
  EXPECT_EQ(3U,
            labelsieve::find_overlapping_classes(kJoint, 16, {.include_zero_pairs = true}).size());
  EXPECT_EQ(6U, labelsieve::find_overlapping_classes(
                    kJoint, 16, {.asymmetric = true, .include_zero_pairs = true})
                    .size());
}

TEST(Health, OverallScore) {
  EXPECT_EQ(0.75, labelsieve::overall_label_health_score(4, 16));
  EXPECT_EQ(1, labelsieve::overall_label_health_score(0, 16));
}

}  // namespace
