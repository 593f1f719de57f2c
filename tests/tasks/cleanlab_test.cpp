// Tokens and spans as cleanlab 2.9.0 finds and scores them.
#include <gtest/gtest.h>

#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "labelsieve/names.h"
#include "labelsieve/span_classification.h"
#include "labelsieve/token_classification.h"
#include "reference/compare.h"

namespace {

using labelsieve::LabelsView;
using labelsieve::MatrixView;
using labelsieve::MemorySource;
using labelsieve::Sentences;
using Issues = std::vector<std::pair<int64_t, int64_t>>;

#include "tasks/cleanlab_cases.inc"

/// The corpus of make_cleanlab_cases.py.
class Cleanlab : public testing::Test {
 protected:
  Cleanlab() {
    std::vector<int64_t> lengths;
    for (int sentence = 0; sentence < 40; ++sentence) {
      lengths.push_back(1 + below(9));
      for (int64_t t = 0; t < lengths.back(); ++t) add_token();
    }
    offsets_ = labelsieve::offsets_from_lengths(lengths);
  }

  Sentences sentences() const { return Sentences(offsets_); }
  MemorySource source() const {
    const auto tokens = static_cast<int64_t>(labels_.size());
    return {LabelsView(labels_.data(), tokens), MatrixView(p_.data(), tokens, 4)};
  }

  Issues find(labelsieve::Source& source, const labelsieve::FilterOptions& filter) const {
    Issues pairs;
    for (const auto& issue : find_token_issues(source, sentences(), filter).issues) {
      pairs.emplace_back(issue.position.sentence, issue.position.token);
    }
    return pairs;
  }

  std::vector<int64_t> labels_;
  std::vector<double> p_;
  std::vector<int64_t> offsets_;

 private:
  int64_t below(uint64_t bound) {
    state_ = state_ * 6364136223846793005U + 1442695040888963407U;
    return static_cast<int64_t>((state_ >> 33U) % bound);
  }

  void add_token() {
    const int64_t truth = below(4);
    int64_t weights[4];
    for (int64_t& weight : weights) weight = 1 + below(1000);
    weights[truth] += 500 + below(2000);
    const auto total = static_cast<double>(weights[0] + weights[1] + weights[2] + weights[3]);
    for (const int64_t weight : weights) p_.push_back(static_cast<double>(weight) / total);
    labels_.push_back(below(6) == 0 ? below(4) : truth);
  }

  uint64_t state_ = 1;
};

TEST_F(Cleanlab, FindsTheSameTokensInTheSameOrder) {
  for (const auto& [name, expected] : kTokenIssues) {
    auto tokens = source();
    EXPECT_EQ(expected, find(tokens, {.filter_by = *labelsieve::filter_by_from(name)})) << name;
    EXPECT_GT(expected.size(), 10U);
  }
}

TEST_F(Cleanlab, FindsTheSameSpans) {
  const auto tokens = static_cast<int64_t>(labels_.size());
  std::vector<int8_t> inside;
  std::vector<double> p;
  for (int64_t i = 0; i < tokens; ++i) {
    inside.push_back(labels_[static_cast<size_t>(i)] != 0);
    p.push_back(1 - p_[static_cast<size_t>(4 * i)]);
  }
  MemorySource column(LabelsView(inside.data(), tokens), MatrixView(p.data(), tokens, 1));
  labelsieve::BinarySource binary(column);
  EXPECT_EQ(kSpanIssues, find(binary, {}));
}

TEST_F(Cleanlab, ScoresSentencesTheSame) {
  for (const auto& [method, pooling, expected] : kScores) {
    auto tokens = source();
    const auto scores =
        labelsieve::label_quality_scores(tokens, {.method = *labelsieve::method_from(method)});
    const auto actual = sentence_scores(scores, sentences(),
                                        {.method = *labelsieve::sentence_method_from(pooling)});
    EXPECT_TRUE(reference::near(expected, actual, 1e-12)) << method << ", " << pooling;
  }
}

}  // namespace
