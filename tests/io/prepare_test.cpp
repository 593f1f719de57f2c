// Logits, single columns and invalid rows of matrices in memory.
#include "labelsieve/prepare.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <vector>

#include "labelsieve/error.h"

namespace labelsieve::test {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Pointwise;

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

std::vector<double> numbers_of(const PreparedProbabilities& prepared) {
  const auto* const data = static_cast<const double*>(prepared.view.data);
  return {data, data + prepared.view.rows * prepared.view.columns};
}

TEST(PreparePredProbs, ProbabilitiesStayWhereTheyAre) {
  const std::vector<float> given = {0.25F, 0.75F, 2.0F, 0.5F};
  const MatrixView view(given.data(), 2, 2);
  const PreparedProbabilities prepared = prepare_pred_probs(view);
  EXPECT_EQ(prepared.view.data, given.data());
  EXPECT_EQ(prepared.owner, nullptr);
  EXPECT_THAT(prepared.invalid, IsEmpty());
}

TEST(PreparePredProbs, LogitsTakeTheSoftmaxOfTheirRow) {
  const std::vector<float> given = {0.0F, 0.0F, 1000.0F, 1000.0F, -1.0F, 1.0F};
  const PreparedProbabilities prepared =
      prepare_pred_probs(MatrixView(given.data(), 3, 2), {.logits = true});
  const double p = 1 / (1 + std::exp(-2.0));
  EXPECT_THAT(numbers_of(prepared), Pointwise(DoubleNear(1e-15), {0.5, 0.5, 0.5, 0.5, 1 - p, p}));
  EXPECT_EQ(given[2], 1000.0F);
}

TEST(PreparePredProbs, ColumnMajorLogits) {
  const std::vector<double> given = {0, 1, 2, 3, 3, 3};  // two rows
  const PreparedProbabilities prepared =
      prepare_pred_probs(MatrixView::column_major(given.data(), 2, 3), {.logits = true});
  const double sum = std::exp(0) + std::exp(2) + std::exp(3);
  EXPECT_NEAR(numbers_of(prepared)[1], std::exp(2) / sum, 1e-15);
}

TEST(PreparePredProbs, LabelSetsTakeASigmoidEach) {
  const std::vector<double> given = {0, 3, -3, 800};
  const PreparedProbabilities prepared =
      prepare_pred_probs(MatrixView(given.data(), 2, 2), {.logits = true, .multilabel = true});
  const double p = 1 / (1 + std::exp(-3.0));
  EXPECT_THAT(numbers_of(prepared), Pointwise(DoubleNear(1e-15), {0.5, p, 1 - p, 1.0}));
}

TEST(PreparePredProbs, ASingleColumnIsThatOfTheSecondClass) {
  const std::vector<double> given = {0.25, 1.0};
  const MatrixView view(given.data(), 2, 1);
  EXPECT_THAT(numbers_of(prepare_pred_probs(view)), ElementsAre(0.75, 0.25, 0, 1));
  const PreparedProbabilities logits = prepare_pred_probs(view, {.logits = true});
  EXPECT_NEAR(numbers_of(logits)[1], 1 / (1 + std::exp(-0.25)), 1e-15);
  EXPECT_EQ(prepare_pred_probs(view, {.multilabel = true}).view.columns, 1);
}

TEST(PreparePredProbs, InvalidRowsAreMarked) {
  const std::vector<double> given = {0.5, 0.5, kNaN, 0.5, 1.5, 0.0, -1e-7, 1.0};
  const MatrixView view(given.data(), 4, 2);
  const PreparedProbabilities prepared = prepare_pred_probs(view, {.skip_invalid = true});
  EXPECT_THAT(prepared.invalid, ElementsAre(0, 1, 1, 0));
  EXPECT_EQ(prepared.view.data, given.data());
  const std::vector<uint8_t> ignored = {0, 1, 0, 0};
  EXPECT_THAT(prepare_pred_probs(view, {.skip_invalid = true, .ignored = ignored}).invalid,
              ElementsAre(0, 0, 1, 0));
}

TEST(PreparePredProbs, LogitsWithoutASoftmaxAreNamed) {
  const std::vector<double> given = {0, 1, 0, kNaN};
  const MatrixView view(given.data(), 2, 2);
  try {
    prepare_pred_probs(view, {.logits = true});
    FAIL() << "no error";
  } catch (const Error& error) {
    EXPECT_EQ(error.location().row, 1);
    EXPECT_THAT(error.what(), HasSubstr("softmax"));
  }
  EXPECT_THAT(prepare_pred_probs(view, {.logits = true, .skip_invalid = true}).invalid,
              ElementsAre(0, 1));
  const std::vector<uint8_t> ignored = {0, 1};
  EXPECT_NO_THROW(prepare_pred_probs(view, {.logits = true, .ignored = ignored}));
  const std::vector<uint8_t> too_few = {0};
  EXPECT_THROW(prepare_pred_probs(view, {.ignored = too_few}), Error);
}

}  // namespace
}  // namespace labelsieve::test
