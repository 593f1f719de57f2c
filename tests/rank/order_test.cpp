// Orders and descriptions of examples.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "labelsieve/rank.h"
#include "support/errors.h"
#include "support/options.h"
#include "support/sources.h"

namespace {

using labelsieve::ErrorCode;
using labelsieve::Example;
using test_support::expect_error;
using Indices = std::vector<int64_t>;

using test_support::kNan;

TEST(FindTopIssues, AscendingTiesByIndexNanLast) {
  const std::vector<double> scores = {0.5, kNan, 0.1, 0.5, 0.1, 0.9};
  EXPECT_EQ((Indices{2, 4, 0, 3}), labelsieve::find_top_issues(scores, 4));
  EXPECT_EQ((Indices{2, 4, 0, 3, 5, 1}), labelsieve::find_top_issues(scores, 100));
  EXPECT_EQ(Indices{}, labelsieve::find_top_issues(scores, 0));
  EXPECT_EQ(Indices{}, labelsieve::find_top_issues({}, 3));
}

// Of many scores only those below a limit are looked at, which a sample gives.
TEST(FindTopIssues, ManyScoresAsByAStableSort) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> scores(100'000);
  uint64_t state = 1;
  for (double& score : scores) {
    state = state * 6364136223846793005U + 1442695040888963407U;
    const auto high = static_cast<double>(state >> 33);
    score = (state >> 60) == 0 ? kNan : std::floor(high / 4e5) / 4e3 - 0.3;  // many ties
  }
  scores[50'000] = kInfinity;
  scores[60'000] = -kInfinity;
  for (size_t i = 70'000; i < 70'100; ++i) scores[i] = i % 2 == 0 ? -0.0 : 0.0;

  Indices expected(scores.size());
  std::iota(expected.begin(), expected.end(), int64_t{0});
  std::stable_sort(expected.begin(), expected.end(), [&scores](int64_t a, int64_t b) {
    const double first = scores[static_cast<size_t>(a)];
    const double second = scores[static_cast<size_t>(b)];
    return std::isnan(second) ? !std::isnan(first) : first < second;
  });
  for (const size_t top : {size_t{1}, size_t{2}, size_t{5'000}, size_t{40'000}, size_t{99'000}}) {
    EXPECT_EQ(Indices(expected.begin(), expected.begin() + static_cast<std::ptrdiff_t>(top)),
              labelsieve::find_top_issues(scores, static_cast<int64_t>(top)));
  }
  EXPECT_EQ(expected, labelsieve::find_top_issues(scores, 100'000));
  EXPECT_EQ(expected, labelsieve::order_label_issues(std::vector<uint8_t>(100'000, 1), scores));
}

TEST(FindTopIssues, NoMatterWhatASampleSays) {
  constexpr size_t kPeriod = 25;
  std::vector<double> scores(4096 * kPeriod);
  for (const bool sample_is_low : {true, false}) {
    for (size_t i = 0; i < scores.size(); ++i) {
      const bool is_low = (i % kPeriod == 0) == sample_is_low;
      scores[i] = static_cast<double>(i * 7919 % 1000) / 1000 + (is_low ? 0 : 1);
    }
    Indices expected(scores.size());
    std::iota(expected.begin(), expected.end(), int64_t{0});
    std::stable_sort(expected.begin(), expected.end(), [&](int64_t a, int64_t b) {
      return scores[static_cast<size_t>(a)] < scores[static_cast<size_t>(b)];
    });
    expected.resize(9000);
    EXPECT_EQ(expected, labelsieve::find_top_issues(scores, 9000)) << sample_is_low;
  }
}

TEST(FindTopIssues, TenByDefault) {
  EXPECT_EQ(10U, labelsieve::find_top_issues(std::vector<double>(30, 0.5)).size());
}

TEST(OrderLabelIssues, RanksTheFlaggedOnly) {
  const std::vector<uint8_t> mask = {1, 0, 1, 1, 0, 1};
  EXPECT_EQ((Indices{3, 5, 2, 0}),
            labelsieve::order_label_issues(mask, std::vector<double>{0.9, 0, 0.5, 0.1, 0, 0.1}));
  EXPECT_EQ(Indices{},
            labelsieve::order_label_issues(std::vector<uint8_t>{0}, std::vector<double>{0.5}));
}

/// Scores of every kind, many of them equal.
double some_score(std::mt19937& random) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::uniform_real_distribution<double> uniform(-2, 2);
  switch (random() % 8) {
    case 0: return kNan;
    case 1: return static_cast<double>(random() % 20) / 10;
    case 2: return random() % 2 == 0 ? 0.0 : -0.0;
    case 3: return random() % 2 == 0 ? kInfinity : -kInfinity;
    case 4: return std::ldexp(uniform(random), -static_cast<int>(random() % 1080));
    case 5: return static_cast<float>(uniform(random));
    default: return uniform(random);
  }
}

// Few are compared, many are sorted by the digits of a number that orders as they do.
TEST(OrderLabelIssues, AsComparingScoresDoes) {
  std::mt19937 random(11);
  for (const size_t size : {1U, 2U, 100U, 999U, 1000U, 1001U, 20000U}) {
    std::vector<double> scores(size);
    std::vector<uint8_t> mask(size);
    Indices expected;
    for (size_t i = 0; i < size; ++i) {
      scores[i] = some_score(random);
      mask[i] = static_cast<uint8_t>(random() % 3);
      if (mask[i] != 0) expected.push_back(static_cast<int64_t>(i));
    }
    std::stable_sort(expected.begin(), expected.end(), [&](int64_t a, int64_t b) {
      const double x = scores[static_cast<size_t>(a)];
      const double y = scores[static_cast<size_t>(b)];
      return std::isnan(y) ? !std::isnan(x) : x < y;
    });
    EXPECT_EQ(expected, labelsieve::order_label_issues(mask, scores)) << size;
  }
  // All digits alike.
  EXPECT_EQ(2000, labelsieve::order_label_issues(std::vector<uint8_t>(2001, 1),
                                                 std::vector<double>(2001, 0.5))
                      .back());
}

TEST(OrderLabelIssues, RefusesOtherSizes) {
  expect_error(ErrorCode::kInvalidArgument, "2", [] {
    labelsieve::order_label_issues(std::vector<uint8_t>{1, 1}, std::vector<double>{0.5});
  });
}

class Describe : public testing::Test {
 protected:
  Describe() { labels_.ignore_label = -1; }

  labelsieve::MemorySource source() const {
    return {labels_, labelsieve::MatrixView(kProbabilities.data(), 4, 3)};
  }

  static constexpr std::array<int16_t, 4> kLabels{2, -1, 0, 1};
  static constexpr std::array<float, 12> kProbabilities{0.25F, 0.5F,   0.25F,  0.5F, 0.5F, 0,
                                                        0.5F,  0.375F, 0.125F, 0.5F, 0.5F, 0};
  labelsieve::LabelsView labels_{kLabels.data(), 4};
};
constexpr std::array<int16_t, 4> Describe::kLabels;
constexpr std::array<float, 12> Describe::kProbabilities;

TEST_F(Describe, GivesExamplesInTheOrderAskedFor) {
  auto data = source();
  const auto examples = labelsieve::describe_examples(data, Indices{3, 0, 3});
  ASSERT_EQ(3U, examples.size());
  EXPECT_EQ(3, examples[0].index);
  EXPECT_EQ(1, examples[0].given_label);
  EXPECT_EQ(0, examples[0].suggested_label);  // a tie goes to the lower class
  EXPECT_EQ(0.5, examples[0].self_confidence);
  EXPECT_EQ(0.5, examples[0].suggested_prob);
  EXPECT_EQ(0, examples[1].index);
  EXPECT_EQ(2, examples[1].given_label);
  EXPECT_EQ(1, examples[1].suggested_label);
  EXPECT_EQ(0.25, examples[1].label_quality);
  EXPECT_EQ(3, examples[2].index);
}

TEST_F(Describe, ScoresAtIndicesAreThoseOfAll) {
  auto data = source();
  for (const auto method : test_support::kAllMethods) {
    const auto all = labelsieve::label_quality_scores(data, {.method = method});
    const auto some =
        labelsieve::label_quality_scores_at(data, Indices{0, 2, 3}, {.method = method});
    EXPECT_EQ((std::vector<double>{all[0], all[2], all[3]}), some);
    const auto others =
        labelsieve::label_quality_scores_at(data, Indices{3, 0, 3}, {.method = method});
    EXPECT_EQ((std::vector<double>{all[3], all[0], all[3]}), others);
  }
  EXPECT_TRUE(std::isnan(labelsieve::label_quality_scores_at(data, Indices{1})[0]));
  EXPECT_EQ(0U, labelsieve::label_quality_scores_at(data, Indices{}).size());
  for (const Indices& outside : {Indices{0, 4}, Indices{-1}}) {
    expect_error(ErrorCode::kInvalidArgument, "index",
                 [&] { labelsieve::label_quality_scores_at(data, outside); });
  }
}

TEST_F(Describe, GivesAllExamples) {
  auto data = source();
  const auto examples =
      labelsieve::describe_all_examples(data, {.method = labelsieve::Method::kNormalizedMargin});
  ASSERT_EQ(4U, examples.size());
  EXPECT_EQ(0.375, examples[0].label_quality);
  EXPECT_EQ(0.25, examples[0].self_confidence);
  EXPECT_EQ(-1, examples[1].given_label);
  EXPECT_TRUE(std::isnan(examples[1].label_quality));
  EXPECT_EQ(0.5625, examples[2].label_quality);
  for (int64_t i = 0; i < 4; ++i) EXPECT_EQ(i, examples[static_cast<size_t>(i)].index);
}

TEST_F(Describe, SaysTheSameFromBlocks) {
  auto data = source();
  test_support::BlockSource blocks(labels_, labelsieve::MatrixView(kProbabilities.data(), 4, 3), 2);
  const Indices indices = {3, 2, 0};
  const auto whole = labelsieve::describe_examples(data, indices, {.adjust_pred_probs = true});
  const auto cut = labelsieve::describe_examples(blocks, indices, {.adjust_pred_probs = true});
  ASSERT_EQ(whole.size(), cut.size());
  for (size_t i = 0; i < whole.size(); ++i) {
    EXPECT_EQ(whole[i].index, cut[i].index);
    EXPECT_EQ(whole[i].suggested_label, cut[i].suggested_label);
    EXPECT_EQ(whole[i].label_quality, cut[i].label_quality);
    EXPECT_EQ(whole[i].self_confidence, cut[i].self_confidence);
  }
}

TEST_F(Describe, RefusesAnIndexOutsideTheData) {
  auto data = source();
  for (const int64_t wrong : {int64_t{-1}, int64_t{4}}) {
    expect_error(ErrorCode::kInvalidArgument, "index",
                 [&] { labelsieve::describe_examples(data, Indices{0, wrong}); });
  }
}

TEST_F(Describe, RanksFlaggedExamples) {
  auto data = source();
  const auto ranked = labelsieve::rank_label_issues(data, std::vector<uint8_t>{1, 0, 1, 1});
  Indices order;
  for (const Example& example : ranked) order.push_back(example.index);
  EXPECT_EQ((Indices{0, 2, 3}), order);
  EXPECT_EQ(0.25, ranked[0].label_quality);
}

// So many that they are sorted in pieces: few different scores, so that most are ties; and NaN.
TEST(RankLabelIssues, ManyByScoreTiesByIndexNanLast) {
  constexpr int64_t kRows = 60'001;
  std::vector<double> probs;
  std::vector<int32_t> labels;
  Indices expected;
  for (int64_t i = 0; i < kRows; ++i) {
    const double p = static_cast<double>(i * 7919 % 64) / 64;
    probs.push_back(p);
    probs.push_back(1 - p);
    labels.push_back(i % 101 == 0 ? -1 : 0);
    expected.push_back(i);
  }
  const auto key = [&](int64_t i) {
    const auto at = static_cast<size_t>(i);
    return labels[at] < 0 ? 2 : probs[2 * at];
  };
  std::stable_sort(expected.begin(), expected.end(),
                   [&](int64_t a, int64_t b) { return key(a) < key(b); });
  labelsieve::LabelsView view(labels.data(), kRows);
  view.ignore_label = -1;
  labelsieve::MemorySource source(view, labelsieve::MatrixView(probs.data(), kRows, 2));
  const std::vector<uint8_t> all(static_cast<size_t>(kRows), 1);
  for (const int threads : {1, 3}) {
    labelsieve::ScoreOptions options;
    options.execution.num_threads = threads;
    Indices order;
    for (const Example& example : labelsieve::rank_label_issues(source, all, options)) {
      order.push_back(example.index);
    }
    EXPECT_EQ(expected, order);
  }
}

}  // namespace
