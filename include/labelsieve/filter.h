// Which examples are label issues.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "labelsieve/auto_model.h"
#include "labelsieve/count.h"
#include "labelsieve/rank.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// The ways of choosing the issues (definitions.md §3 and §9).
enum class FilterBy : uint8_t {
  kPruneByNoiseRate,     ///< Per pair (given, true): the largest margins. The default.
  kPruneByClass,         ///< Per given class: the lowest self-confidence.
  kBoth,                 ///< The intersection of the two above.
  kConfidentLearning,    ///< Counted off the diagonal of the confident joint.
  kPredictedNeqGiven,    ///< The argmax is another class.
  kLowNormalizedMargin,  ///< As many as the joint counts off the diagonal, by lowest margin.
  kLowSelfConfidence,    ///< The same by lowest self-confidence.
  kAuto,                 ///< The cut of Method::kAuto with the best expected F1.
};

struct FilterOptions {
  // Parameters that affect the answer.
  FilterBy filter_by = FilterBy::kPruneByNoiseRate;
  double frac_noise = 1.0;             ///< Share of the estimated noise to remove, in [0, 1].
  int64_t min_examples_per_class = 1;  ///< Classes with no more examples than this stay whole.
  /// For the prune filters: how many to remove, one number for all classes or one per class;
  /// empty: as the joint says.
  std::vector<int64_t> num_to_remove_per_class = {};
  Collision collision = Collision::kRowArgmax;
  /// A joint to prune by, used as it is (rows given, columns true); else the calibrated one of
  /// the data. Not used by kConfidentLearning, kPredictedNeqGiven and the two kLow filters.
  std::optional<SparseMatrix<double>> confident_joint = {};
  std::vector<double> thresholds = {};  ///< One per class; empty: estimated from the data.

  // Parameters that affect only the speed.
  Execution execution = {};
};

struct LabelIssues {
  std::vector<uint8_t> mask;  ///< One byte per example, in input order: 1 = issue.
  int64_t num_issues = 0;
  ConfidentJoint joint;  ///< What was counted on the way.
  /// Of kAuto only: how many labels are wrong, flagged or not.
  std::optional<ExpectedErrors> expected_errors = {};
  /// Of kAuto only, for ScoreOptions::auto_model.
  std::shared_ptr<const AutoModel> auto_model = {};
};

/// Flags the label issues. Cost: one pass over the probabilities, one over the labels, and now and
/// then some rows again; memory: up to 32 bytes per example (for double precision 40) and
/// O(min(K², N)); up to 80 where nearly all labels disagree with probabilities that are nearly all
/// alike. kAuto: fit_auto_model() and one more look at the rows that disagree with their
/// label or nearly; 36 bytes for each of these, 11 per example. Throws Error{kInvalidArgument} for
/// options that do not fit, Error{kInvalidData} for invalid labels or probabilities.
LabelIssues find_label_issues(Source& source, const FilterOptions& options = {});

}  // namespace labelsieve
