// Multi-label data, where each example has any number of the K classes: scores, issues, health.
//
// Class k is a problem of its own with two classes, absent (0) and present (1), and probabilities
// [1 - p, p], p = P[i,k]; docs/definitions.md §7. 1 - p is taken in double for double input, else
// in float. Every function gives exactly what the functions for two classes give on that problem,
// but for the cut of FilterBy::kAuto; with two classes both collision rules of FilterOptions say
// the same, so there is none here.
//
// All throw Error{kInvalidArgument} for options that do not fit, Error{kInvalidData} naming row and
// column for invalid labels or probabilities. Same answer for any number of threads and any blocks.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <vector>

#include "labelsieve/auto_model.h"
#include "labelsieve/execution.h"
#include "labelsieve/filter.h"
#include "labelsieve/health.h"
#include "labelsieve/multilabel_count.h"
#include "labelsieve/multilabel_source.h"
#include "labelsieve/rank.h"

namespace labelsieve {

// ---- Scores ----

/// From the K scores of an example to one.
enum class Pooling : uint8_t {
  kExponentialMovingAverage,  ///< Descending, e = s_1, then e = alpha·s + (1 - alpha)·e.
  kSoftmin,                   ///< Σ s·w / Σ w with w = exp(-s / temperature).
  kMin,
  kMean,
  kCustom,  ///< PoolingOptions::function.
};

struct PoolingOptions {
  Pooling pooling = Pooling::kExponentialMovingAverage;
  std::optional<double> alpha = 0.8;  ///< In [0, 1]; without a value 2 / (K + 1).
  double temperature = 0.1;           ///< 0 gives the minimum, infinity the mean.
  /// For kCustom: the K scores of an example in order of class. Called from several threads.
  std::function<double(std::span<const double>)> function = {};
};

struct MultilabelScoreOptions {
  // Parameters that affect the answer.
  Method method = Method::kSelfConfidence;
  bool adjust_pred_probs = false;                      ///< As in ScoreOptions.
  std::vector<AbsentPresent<double>> thresholds = {};  ///< For that; empty: from the data.
  /// For kAuto, one per class, of absent (0) and present (1); empty: fitted to the data first.
  std::vector<AutoModel> auto_models = {};
  PoolingOptions pooling = {};

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// One score per example, in input order; NaN for ignored examples. Cost: one pass, one more where
/// thresholds are needed, and fit_auto_model() for every class where models are: several classes at
/// a time, in at most 64 MB or 17 bytes per example.
std::vector<double> multilabel_quality_scores(MultilabelSource& source,
                                              const MultilabelScoreOptions& options = {});

/// N×K scores, row-major: how likely it is that example i was rightly given, or not given, class k.
/// `pooling` is not used.
std::vector<double> multilabel_quality_scores_per_class(MultilabelSource& source,
                                                        const MultilabelScoreOptions& options = {});

/// The same into memory of the caller. Throws Error{kInvalidArgument} unless it has N·K elements.
void multilabel_quality_scores_per_class(MultilabelSource& source,
                                         const MultilabelScoreOptions& options,
                                         std::span<double> scores);

/// Pools N×K scores, row-major.
std::vector<double> pool_scores(std::span<const double> scores, int64_t num_classes,
                                const PoolingOptions& options = {},
                                const Execution& execution = {});

// ---- Issues ----

struct MultilabelFilterOptions {
  // Parameters that affect the answer.
  FilterBy filter_by = FilterBy::kPruneByNoiseRate;
  double frac_noise = 1.0;             ///< Share of the estimated noise to remove, in [0, 1].
  int64_t min_examples_per_class = 1;  ///< Of those with a class, and of those without it.
  /// For the prune filters: r, one number for all classes or one per class. The problem of a class
  /// gets [r, 0] (absent, present), counted as num_to_remove_per_class of FilterOptions is.
  std::vector<int64_t> num_to_remove_per_class = {};
  /// Joints to prune by, one per class, used as they are; else the calibrated ones of the data.
  std::vector<BinaryMatrix<double>> confident_joint = {};
  std::vector<AbsentPresent<double>> thresholds = {};  ///< One per class; empty: from the data.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// A class that an example should lose or gain.
struct ClassIssue {
  int32_t label = 0;
  bool given = false;  ///< True: remove it. False: add it.

  friend bool operator==(const ClassIssue&, const ClassIssue&) = default;
};

struct MultilabelIssues {
  std::vector<uint8_t> mask;  ///< One byte per example, in input order: 1 = issue.
  int64_t num_issues = 0;
  /// The wrong classes of example i are wrong[offsets[i]], …, wrong[offsets[i + 1] - 1], ascending.
  std::vector<int64_t> offsets;
  std::vector<ClassIssue> wrong;
  MultilabelJoint joint;  ///< What was counted on the way.
  /// Of kAuto only, one per class: how many labels are wrong, flagged or not; the models, for
  /// MultilabelScoreOptions::auto_models.
  std::vector<ExpectedErrors> expected_errors = {};
  std::vector<AutoModel> auto_models = {};

  std::span<const ClassIssue> wrong_classes(int64_t example) const {
    return {wrong.data() + offsets[static_cast<size_t>(example)],
            wrong.data() + offsets[static_cast<size_t>(example) + 1]};
  }

  /// The expected errors of all classes together; nothing where another filter was used.
  std::optional<ExpectedErrors> total_expected_errors() const;

  /// N×K bytes, row-major: 1 where a class is wrong. Meant for small N·K.
  std::vector<uint8_t> per_class_mask() const;
};

/// Flags, for each class on its own, the examples that wrongly have it or lack it; an example is an
/// issue if any class is. Cost: three passes; memory: 9 bytes per example and up to 60 per flagged
/// class of an example. kAuto: one pass and the models of MultilabelScoreOptions; its cut trusts
/// the predictions less than that of find_label_issues() does (docs/definitions.md §9).
MultilabelIssues find_multilabel_issues_per_class(MultilabelSource& source,
                                                  const MultilabelFilterOptions& options = {});

/// The same, but for the two kLow filters: they flag as many examples as kConfidentLearning does,
/// those with the lowest self-confidence (pooled as PoolingOptions does by default). The wrong
/// classes are then those whose probability is on the other side of 0.5 (by more than 5e-7).
MultilabelIssues find_multilabel_issues(MultilabelSource& source,
                                        const MultilabelFilterOptions& options = {});

/// What is known of one example.
struct MultilabelExample {
  int64_t index = 0;
  double label_quality = 0;               ///< Pooled.
  std::vector<int32_t> given_labels;      ///< Ascending, each class once.
  std::vector<int32_t> suggested_labels;  ///< The given ones without `remove`, with `add`.
  std::vector<int32_t> add;
  std::vector<int32_t> remove;
};

/// The flagged examples by ascending label quality, ties to the lower index. Cost: their rows only,
/// where the source is in memory; one pass more where thresholds are needed.
std::vector<MultilabelExample> rank_multilabel_issues(MultilabelSource& source,
                                                      const MultilabelIssues& issues,
                                                      const MultilabelScoreOptions& options = {});

/// The examples in which a class is wrong.
struct ClassRanking {
  std::vector<int64_t> indices;  ///< By ascending score of this class, ties to the lower index.
  std::vector<double> scores;
};

/// One ranking per class. Cost as rank_multilabel_issues().
std::vector<ClassRanking> rank_multilabel_issues_per_class(
    MultilabelSource& source, const MultilabelIssues& issues,
    const MultilabelScoreOptions& options = {});

// ---- Health ----

/// How often a class is wrongly given (or wrongly missing).
struct CommonMultilabelIssue {
  int32_t label = 0;
  bool given = false;            ///< The class is given, the suggestion is to remove it.
  int64_t num_examples = 0;      ///< Flagged so.
  double issue_probability = 0;  ///< num_examples / N.
};

/// 2K rows by descending probability, ties to the lower class, given before missing.
std::vector<CommonMultilabelIssue> common_multilabel_issues(const MultilabelIssues& issues);

/// The classes by ascending label quality (1 - label_noise), ties to the lower class. Noise is the
/// number of flagged examples / N: with the class for label_noise, without it for the inverse.
std::vector<ClassQuality> rank_classes_by_multilabel_quality(const MultilabelIssues& issues);

/// 1 - flagged examples / N.
double overall_multilabel_health_score(const MultilabelIssues& issues);

}  // namespace labelsieve
