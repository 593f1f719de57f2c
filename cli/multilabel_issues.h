// The issues of multi-label data that find lists and health counts.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "labelsieve/multilabel_classification.h"
#include "multilabel_input.h"

namespace labelsieve::cli {

/// A class that is wrong in an example.
struct RankedClassIssue {
  int64_t index = 0;
  ClassIssue issue;
  double label_quality = 0;  ///< Of this class alone.
};

struct MultilabelChoice {
  MultilabelIssues found;                 ///< By the filter; it then follows the selection.
  int64_t num_flagged = 0;                ///< By the filter alone.
  int64_t num_issues = 0;                 ///< After --class, --threshold and --ignore.
  std::vector<MultilabelExample> ranked;  ///< Worst first, where asked for without --per-class.
  std::vector<RankedClassIssue> ranked_classes;  ///< The same with --per-class.
};

/// Flags by the filter options of the settings; per class with --per-class.
MultilabelIssues flag_multilabel_issues(const Context& context, MultilabelInput& input);

/// Flags, then selects. Issues are examples, or with --per-class the labels in them. They are
/// ranked where `ranked` asks for it.
MultilabelChoice choose_multilabel_issues(const Context& context, MultilabelInput& input,
                                          bool ranked);

/// How to score; `thresholds` are those of the filter.
MultilabelScoreOptions multilabel_score_options(
    const Context& context, const std::vector<AbsentPresent<double>>& thresholds);

/// "3 examples", or with --per-class "60 labels": what the issues are a share of.
struct MultilabelTotal {
  int64_t count = 0;
  std::string text;
};
MultilabelTotal total_of(const Context& context, const MultilabelInput& input);

/// Says that there are more issues than --fail-on allows; the exit code.
int multilabel_exit_code(const Context& context, const MultilabelInput& input, int64_t num_issues);

/// Says once that the probabilities look as if the model had been trained on these labels.
void warn_about_multilabel_data(const Context& context, const MultilabelJoint& joint);

}  // namespace labelsieve::cli
