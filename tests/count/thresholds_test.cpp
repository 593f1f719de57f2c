// Confident thresholds: exact sums, absent classes, the lower bound, merging.
#include <gtest/gtest.h>

#include <array>

#include "labelsieve/count.h"
#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::MatrixView;
using test_support::expect_error;

template <class T, size_t N, size_t M>
labelsieve::MemorySource source_of(const std::array<int, N>& labels, const std::array<T, M>& p) {
  return {labelsieve::LabelsView(labels.data(), N),
          MatrixView(p.data(), N, static_cast<int64_t>(M / N))};
}

TEST(Thresholds, AreMeansOfSelfConfidence) {
  const std::array labels{0, 1, 0, 1};
  const std::array p{0.75, 0.25, 0.5, 0.5, 0.25, 0.75, 0.875, 0.125};
  auto source = source_of(labels, p);
  EXPECT_EQ((std::vector<double>{0.5, 0.3125}), labelsieve::confident_thresholds(source));
}

TEST(Thresholds, OfAnAbsentClassIsNone) {
  const std::array labels{0, 0};
  const std::array p{0.5F, 0.25F, 0.25F, 1.0F, 0.0F, 0.0F};
  auto source = source_of(labels, p);
  EXPECT_EQ((std::vector<double>{0.75, labelsieve::kNoThreshold, labelsieve::kNoThreshold}),
            labelsieve::confident_thresholds(source));
}

TEST(Thresholds, AreNotBelowTwoMillionths) {
  const std::array labels{1};
  const std::array p{1.0, 0.0};
  auto source = source_of(labels, p);
  EXPECT_EQ(2e-6, labelsieve::confident_thresholds(source)[1]);
}

// In double, 1 + 2^-60 + ... is 1, and the order of the terms decides what is left.
TEST(Thresholds, SumsAreExactWhereDoublesAreNot) {
  constexpr size_t kExamples = 4097;
  std::array<int, kExamples> labels{};
  std::array<double, 2 * kExamples> p{};
  p[0] = 1;
  for (size_t i = 1; i < kExamples; ++i) p[2 * i] = 0x1p-60;
  auto source = source_of(labels, p);
  // (1 + 4096 · 2^-60) / 4097, rounded once.
  EXPECT_EQ((1 + 0x1p-48) / 4097, labelsieve::confident_thresholds(source)[0]);
}

TEST(Thresholds, ReportWhatIsNoProbability) {
  const std::array labels{0, 1, 1};
  std::array p{0.5F, 0.5F, 0.5F, 0.5F, 0.5F, 1.5F};
  auto source = source_of(labels, p);
  const auto error = test_support::error_of([&] { labelsieve::confident_thresholds(source); });
  ASSERT_TRUE(error);
  EXPECT_EQ(ErrorCode::kInvalidData, error->code());
  EXPECT_EQ(2, error->location().row);
  EXPECT_EQ("1", error->location().column);
  EXPECT_THAT(error->what(), testing::HasSubstr("1.5"));
  EXPECT_THAT(error->what(), testing::HasSubstr("softmax"));
}

TEST(Thresholds, ClipOvershootWithinTheTolerance) {
  const std::array labels{0, 1};
  const std::array p{1.0 + 9e-7, -9e-7, 0.0, 1.0};
  auto source = source_of(labels, p);
  EXPECT_NEAR(1, labelsieve::confident_thresholds(source)[0], 1e-6);
}

TEST(Thresholds, ReportLabelsOutsideTheClasses) {
  const std::array p{0.5, 0.5, 0.5, 0.5};
  for (const int wrong : {-1, 2, 1000000}) {
    const std::array labels{0, wrong};
    auto source = source_of(labels, p);
    const auto error = test_support::error_of([&] { labelsieve::confident_thresholds(source); });
    ASSERT_TRUE(error);
    EXPECT_EQ(ErrorCode::kInvalidData, error->code());
    EXPECT_EQ(1, error->location().row);
    EXPECT_THAT(error->what(), testing::HasSubstr(std::to_string(wrong)));
  }
}

TEST(Thresholds, LeaveIgnoredExamplesOut) {
  const std::array labels{0, -1, 1};
  const std::array p{0.5, 0.5, 7.0, -7.0, 0.25, 0.75};
  labelsieve::LabelsView view(labels.data(), 3);
  view.ignore_label = -1;
  labelsieve::MemorySource source(view, MatrixView(p.data(), 3, 2));
  EXPECT_EQ((std::vector<double>{0.5, 0.75}), labelsieve::confident_thresholds(source));
}

TEST(ThresholdAccumulator, CountsLabels) {
  const std::array labels{2, 0, 2};
  const std::array p{0.5, 0.25, 0.25, 0.5, 0.25, 0.25, 0.5, 0.25, 0.25};
  labelsieve::ThresholdAccumulator sums(3);
  sums.add({0, labelsieve::LabelsView(labels.data(), 3), MatrixView(p.data(), 3, 3)});
  EXPECT_EQ((std::vector<int64_t>{1, 0, 2}), sums.label_counts());
}

TEST(MemorySource, RefusesWhatDoesNotFit) {
  const std::array labels{0, 1};
  const std::array p{0.5, 0.5};
  expect_error(ErrorCode::kInvalidData, "2 labels", [&] {
    labelsieve::MemorySource(labelsieve::LabelsView(labels.data(), 2), MatrixView(p.data(), 1, 2));
  });
  expect_error(ErrorCode::kInvalidData, "no examples", [&] {
    labelsieve::MemorySource(labelsieve::LabelsView(labels.data(), 0), MatrixView(p.data(), 0, 2));
  });
  expect_error(ErrorCode::kInvalidData, "no columns", [&] {
    labelsieve::MemorySource(labelsieve::LabelsView(labels.data(), 2), MatrixView(p.data(), 2, 0));
  });
}

}  // namespace
