// Every instruction set of this machine gives the same answers, and is really used.
#include "kernels/isa.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <string>
#include <tuple>
#include <vector>

#include "kernels/every_isa.h"
#include "labelsieve/diagnose.h"
#include "labelsieve/error.h"
#include "labelsieve/filter.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/version.h"
#include "reference/compare.h"
#include "support/sources.h"

namespace {

using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::Method;
using test_support::Data;
using test_support::Kind;
using test_support::Layout;
using test_support::Stored;

using test_support::EveryIsa;
INSTANTIATE_FOR_EVERY_ISA(EveryIsa);

// 1 to 3 vectors and what is left over, for every width of vectors.
constexpr int kClassCounts[] = {1, 2, 3, 5, 8, 10, 15, 16, 17, 31, 33, 64, 100, 257};

template <class Check>
void for_each_dataset(const Check& check) {
  for (const int num_classes : kClassCounts) {
    for (const Kind kind : {Kind::kNoisy, Kind::kTied, Kind::kSaturated, Kind::kUniform}) {
      for (const FloatType type : reference::kAllFloatTypes) {
        SCOPED_TRACE(test_support::name(kind) + ", K = " + std::to_string(num_classes) + ", " +
                     test_support::name(type));
        check(test_support::rounded_to(type, test_support::make_data(kind, 150, num_classes, 5)));
      }
    }
  }
}

TEST_P(EveryIsa, FindsWhatTheOracleFinds) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    for (const FilterBy filter_by :
         {FilterBy::kPruneByNoiseRate, FilterBy::kConfidentLearning, FilterBy::kPredictedNeqGiven,
          FilterBy::kLowNormalizedMargin}) {
      labelsieve::MemorySource source = stored.source();
      EXPECT_TRUE(reference::same_mask(
          reference::label_issues(data, {.filter_by = filter_by}),
          labelsieve::find_label_issues(source, {.filter_by = filter_by}).mask));
    }
  });
}

TEST_P(EveryIsa, CountsWhatTheOracleCounts) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    const reference::Vector thresholds(static_cast<size_t>(data.num_classes), 0.2);
    for (const auto collision :
         {labelsieve::Collision::kRowArgmax, labelsieve::Collision::kConfidentArgmax}) {
      labelsieve::MemorySource source = stored.source();
      const auto joint =
          labelsieve::confident_joint(source, {.collision = collision, .thresholds = thresholds});
      EXPECT_TRUE(reference::same_counts(reference::confident_joint(data, thresholds, collision),
                                         joint.counts));
      EXPECT_EQ(reference::num_off_diagonal(data, thresholds, collision), joint.num_off_diagonal);
    }
  });
}

TEST_P(EveryIsa, ScoresAsTheOracleDoes) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    for (const Method method :
         {Method::kSelfConfidence, Method::kNormalizedMargin, Method::kConfidenceWeightedEntropy}) {
      labelsieve::MemorySource source = stored.source();
      EXPECT_TRUE(reference::near(reference::scores(data, method),
                                  labelsieve::label_quality_scores(source, {.method = method}),
                                  1e-6));
    }
    labelsieve::MemorySource source = stored.source();
    for (const labelsieve::Example& example : labelsieve::describe_all_examples(source)) {
      ASSERT_EQ(reference::argmax(data.pred_probs[static_cast<size_t>(example.index)]),
                example.suggested_label);
    }
  });
}

// Scores without logarithms are the same bits everywhere.
TEST_P(EveryIsa, MarginsAndAdjustedScoresAreTheSameBits) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    for (const bool adjust : {false, true}) {
      const labelsieve::ScoreOptions options{.method = Method::kNormalizedMargin,
                                             .adjust_pred_probs = adjust};
      labelsieve::MemorySource source = stored.source();
      const auto here = labelsieve::label_quality_scores(source, options);
      labelsieve::force_isa("");
      const auto best = labelsieve::label_quality_scores(source, options);
      labelsieve::force_isa(GetParam());
      EXPECT_EQ(best, here);
    }
  });
}

TEST_P(EveryIsa, SeesInvalidProbabilitiesInEveryColumn) {
  for (const FloatType type : reference::kAllFloatTypes) {
    for (const int num_classes : {1, 2, 3, 17, 33}) {
      const Data data =
          test_support::rounded_to(type, test_support::make_data(Kind::kNoisy, 20, num_classes, 9));
      for (int64_t column = 0; column < num_classes; ++column) {
        for (const double wrong :
             {std::nan(""), 1.5, -0.5, std::numeric_limits<double>::infinity()}) {
          test_support::StoredMatrix matrix(data, Layout::kRowMajor);
          matrix.set(13, column, wrong);
          const test_support::StoredLabels labels(data.labels, labelsieve::IntType::kInt32);
          labelsieve::MemorySource source(labels.view(), matrix.view());
          try {
            labelsieve::find_label_issues(source);
            FAIL() << wrong << " in column " << column << " went through";
          } catch (const labelsieve::Error& error) {
            EXPECT_EQ(13, error.location().row);
            EXPECT_EQ(std::to_string(column), error.location().column);
          }
        }
      }
    }
  }
}

// In the given label's column too, which margins keep apart from the others.
TEST_P(EveryIsa, MarginsSeeInvalidProbabilitiesInEveryColumn) {
  for (const FloatType type : reference::kAllFloatTypes) {
    for (const int num_classes : {1, 2, 3, 17, 33}) {
      const Data data =
          test_support::rounded_to(type, test_support::make_data(Kind::kNoisy, 40, num_classes, 9));
      const test_support::StoredLabels labels(data.labels, labelsieve::IntType::kInt32);
      for (int64_t column = 0; column < num_classes; ++column) {
        for (const double wrong : {std::nan(""), 1.5, -0.5}) {
          test_support::StoredMatrix matrix(data, Layout::kRowMajor);
          matrix.set(13, column, wrong);
          labelsieve::MemorySource source(labels.view(), matrix.view());
          try {
            labelsieve::label_quality_scores(source, {.method = Method::kNormalizedMargin});
            FAIL() << wrong << " in column " << column << " went through";
          } catch (const labelsieve::Error& error) {
            EXPECT_EQ(13, error.location().row);
          }
        }
      }
    }
  }
}

TEST_P(EveryIsa, InspectsTheSame) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    labelsieve::MemorySource source = stored.source();
    const auto here = labelsieve::inspect(source);
    int64_t agreeing = 0;
    for (size_t i = 0; i < data.labels.size(); ++i) {
      agreeing += reference::argmax(data.pred_probs[i]) == data.labels[i];
    }
    EXPECT_DOUBLE_EQ(static_cast<double>(agreeing) / static_cast<double>(data.size()),
                     here.argmax_accuracy);
    EXPECT_EQ(0, here.num_not_finite);
    EXPECT_EQ(0, here.num_outside_unit_interval);
  });
}

/// Sets of classes for the rows of `data`; its probabilities need no changes.
struct Sets {
  explicit Sets(const Data& data) : num_rows(data.size()), num_classes(data.num_classes) {
    for (int64_t i = 0; i < num_rows; ++i) {
      for (int64_t k = 0; k < num_classes; ++k)
        elements.push_back((i * 7 + k * 3) % 11 < 4 ? 1 : 0);
    }
  }
  labelsieve::LabelSetsView view() const {
    return labelsieve::LabelSetsView::matrix(elements.data(), num_rows, num_classes);
  }

  int64_t num_rows;
  int64_t num_classes;
  std::vector<uint8_t> elements;
};

// Comparisons and exact sums are the same everywhere; tests/tasks/ says that they are right.
TEST_P(EveryIsa, TreatsMultilabelDataTheSame) {
  for_each_dataset([](const Data& data) {
    const Stored stored(data);
    const Sets sets(data);
    const auto run = [&] {
      labelsieve::MultilabelMemorySource source(sets.view(), stored.matrix.view());
      const auto found = labelsieve::find_multilabel_issues(source);
      return std::tuple(
          found.wrong, found.joint.thresholds, found.joint.counts, found.joint.num_off_diagonal,
          found.joint.num_disagreeing, labelsieve::multilabel_quality_scores(source),
          labelsieve::multilabel_quality_scores(source, {.method = Method::kNormalizedMargin}));
    };
    const auto scores = [&] {
      labelsieve::MultilabelMemorySource source(sets.view(), stored.matrix.view());
      return labelsieve::multilabel_quality_scores_per_class(
          source, {.method = Method::kConfidenceWeightedEntropy});
    };
    const auto here = run();
    const auto entropies = scores();
    labelsieve::force_isa("");
    EXPECT_EQ(run(), here);
    EXPECT_TRUE(reference::near(scores(), entropies, 1e-6));
    labelsieve::force_isa(GetParam());
  });
}

TEST(Isa, MachineHasMoreThanOne) {
  EXPECT_THAT(labelsieve::supported_isas(), testing::SizeIs(testing::Ge(2U)));
}

TEST(Isa, RefusesAnUnknownName) {
  EXPECT_FALSE(labelsieve::force_isa("NO_SUCH_ISA"));
  EXPECT_TRUE(labelsieve::force_isa(""));
}

}  // namespace
