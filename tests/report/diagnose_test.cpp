// What inspect() counts, and what diagnose() concludes from it.
#include "labelsieve/diagnose.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>

#include "support/sources.h"

namespace {

using labelsieve::Diagnosis;
using labelsieve::Inspection;
using test_support::Data;
using test_support::Kind;
using testing::HasSubstr;
using testing::IsEmpty;

Inspection inspection_of(const Data& data) {
  const test_support::Stored stored(data);
  auto source = stored.source();
  return labelsieve::inspect(source);
}

std::vector<Diagnosis> diagnoses_of(const Data& data,
                                    const std::vector<std::string>& class_names = {}) {
  return labelsieve::diagnose(inspection_of(data), class_names);
}

bool has(const std::vector<Diagnosis>& found, std::string_view kind) {
  for (const Diagnosis& one : found) {
    if (one.kind == kind) return true;
  }
  return false;
}

TEST(Inspect, CountsWhatItSees) {
  Data data;
  data.num_classes = 3;
  data.labels = {0, 0, 2, 2};
  data.pred_probs = {{0.5, 0.25, 0.25}, {0.25, 0.5, 0.25}, {0.25, 0.5, 0.25}, {0.5, 0.5, 0.5}};
  const Inspection seen = inspection_of(data);
  EXPECT_EQ(4, seen.num_rows);
  EXPECT_EQ(3, seen.num_classes);
  EXPECT_EQ(0, seen.num_ignored);
  EXPECT_EQ((std::vector<int64_t>{2, 0, 2}), seen.label_counts);
  EXPECT_EQ((std::vector<int64_t>{2, 2, 0}), seen.argmax_counts);
  EXPECT_EQ((std::vector<int32_t>{0, -1, 0}), seen.most_common_prediction);
  EXPECT_EQ(0.25, seen.argmax_accuracy);
  EXPECT_EQ(1, seen.min_row_sum);
  EXPECT_EQ(1.5, seen.max_row_sum);
  EXPECT_EQ(1.125, seen.mean_row_sum);
  EXPECT_EQ(1, seen.num_unnormalized_rows);
}

TEST(Inspect, CountsWhatIsNoProbabilityAndRefusesNothing) {
  Data data = test_support::make_data(Kind::kNoisy, 50, 3, 1);
  data.pred_probs[7][1] = std::nan("");
  data.pred_probs[8][2] = std::numeric_limits<double>::infinity();
  data.pred_probs[9][0] = 3;
  data.pred_probs[10][0] = -2;
  const Inspection seen = inspection_of(data);
  EXPECT_EQ(2, seen.num_not_finite);
  EXPECT_EQ(2, seen.num_outside_unit_interval);
}

TEST(Diagnose, SaysNothingOfGoodData) {
  EXPECT_THAT(diagnoses_of(test_support::make_data(Kind::kNoisy, 500, 4, 2)), IsEmpty());
}

TEST(Diagnose, SeesLogits) {
  Data data = test_support::make_data(Kind::kNoisy, 500, 4, 2);
  for (auto& row : data.pred_probs) {
    for (double& p : row) p = std::log(p);
  }
  const auto found = diagnoses_of(data);
  ASSERT_TRUE(has(found, "logits"));
  EXPECT_FALSE(has(found, "not_normalized"));
  EXPECT_THAT(found[0].message, HasSubstr("--logits"));
}

TEST(Diagnose, SeesRowsThatDoNotAddUp) {
  Data data = test_support::make_data(Kind::kNoisy, 500, 4, 2);
  for (double& p : data.pred_probs[3]) p /= 2;
  EXPECT_TRUE(has(diagnoses_of(data), "not_normalized"));
}

TEST(Diagnose, SeesPermutedClassesAndShowsThem) {
  Data data = test_support::make_data(Kind::kNoisy, 500, 3, 2);
  for (auto& row : data.pred_probs) row = {row[2], row[0], row[1]};
  const auto found = diagnoses_of(data, {"cat", "dog", "cow"});
  ASSERT_TRUE(has(found, "permuted_classes"));
  EXPECT_THAT(found[0].message, HasSubstr("cat -> dog"));
}

TEST(Diagnose, SeesRowsInAnotherOrder) {
  EXPECT_TRUE(has(diagnoses_of(test_support::make_data(Kind::kRandom, 3000, 5, 2)), "unrelated"));
}

TEST(Diagnose, SeesInSampleProbabilities) {
  Data data = test_support::make_data(Kind::kNoisy, 500, 4, 2);
  for (size_t i = 0; i < data.labels.size(); ++i) {
    data.labels[i] = reference::argmax(data.pred_probs[i]);
  }
  EXPECT_TRUE(has(diagnoses_of(data), "in_sample"));
}

TEST(Diagnose, SeesMissingClasses) {
  const auto found = diagnoses_of(test_support::make_data(Kind::kMissingClass, 500, 6, 2),
                                  {"a", "b", "c", "d", "e", "f"});
  ASSERT_TRUE(has(found, "missing_classes"));
  EXPECT_THAT(found.back().message, HasSubstr("c, f"));
}

TEST(Diagnose, SeesNumbersThatAreNotFinite) {
  Data data = test_support::make_data(Kind::kNoisy, 50, 3, 1);
  data.pred_probs[7][1] = std::nan("");
  EXPECT_TRUE(has(diagnoses_of(data), "not_finite"));
}

}  // namespace
