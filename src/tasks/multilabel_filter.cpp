// Which classes of which examples are wrong.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/crew.h"
#include "base/refuse_argument.h"
#include "filter/filter_options.h"
#include "filter/prune_counts.h"
#include "tasks/multilabel_auto.h"
#include "tasks/multilabel_choice.h"
#include "tasks/multilabel_count.h"

namespace labelsieve {
namespace {

bool is_low_filter(FilterBy filter) {
  return filter == FilterBy::kLowSelfConfidence || filter == FilterBy::kLowNormalizedMargin;
}

void check_options(const MultilabelFilterOptions& options, int64_t num_classes) {
  FilterOptions common;
  common.filter_by = options.filter_by;
  common.frac_noise = options.frac_noise;
  common.min_examples_per_class = options.min_examples_per_class;
  common.num_to_remove_per_class = options.num_to_remove_per_class;
  check_filter_options(common, num_classes);
  const auto& joint = options.confident_joint;
  if (!joint.empty() && static_cast<int64_t>(joint.size()) != num_classes) {
    refuse_argument("the confident joint has " + std::to_string(joint.size()) +
                    " classes, the probabilities " + std::to_string(num_classes));
  }
  for (size_t k = 0; k < joint.size(); ++k) {
    for (const auto& row : joint[k]) {
      for (const double value : row) {
        if (value >= 0 && !std::isinf(value)) continue;
        refuse_argument("the confident joint of class " + std::to_string(k) +
                        " holds a value that is negative or not finite");
      }
    }
  }
}

/// Element (y, t) of class k: how many labels y to prune that are truly t, or how many to keep.
std::vector<BinaryMatrix<int64_t>> prune_counts_of(const MultilabelFilterOptions& options,
                                                   const MultilabelJoint& joint) {
  std::vector<BinaryMatrix<int64_t>> counts;
  const auto& removed = options.num_to_remove_per_class;
  for (size_t k = 0; k < joint.calibrated.size(); ++k) {
    std::vector<double> elements;
    for (size_t y = 0; y < 2; ++y) {
      for (size_t t = 0; t < 2; ++t) {
        elements.push_back(options.confident_joint.empty()
                               ? static_cast<double>(joint.calibrated[k][y][t])
                               : options.confident_joint[k][y][t]);
      }
    }
    PruneCountOptions of_class{options.frac_noise, options.min_examples_per_class, {}};
    if (!removed.empty()) {
      of_class.num_to_remove_per_class = {removed.size() == 1 ? removed[0] : removed[k], 0};
    }
    const auto matrix = prune_counts(SparseMatrix<double>::from_dense(elements, 2),
                                     joint.label_counts[k], of_class);
    counts.push_back({{{matrix.at(0, 0), matrix.at(0, 1)}, {matrix.at(1, 0), matrix.at(1, 1)}}});
  }
  return counts;
}

/// How many labels of each side a prune filter takes; those that agree with their example are never
/// among them (docs/definitions.md §3, last rule).
///
/// Taking the first n of all labels and then leaving out those that agree is the same as taking the
/// first n of those that disagree: near p = 1/2, where the two meet, margins and given sides are
/// exact differences and strictly monotone in p, so that no label that agrees comes before one that
/// does not.
LabelChoice prune_choice(FilterBy filter, const MultilabelFilterOptions& options,
                         const MultilabelJoint& joint) {
  LabelChoice choice;
  const bool by_class = filter == FilterBy::kPruneByClass;
  choice.key = by_class ? LabelChoice::Key::kGiven : LabelChoice::Key::kMargin;
  const auto prune = prune_counts_of(options, joint);
  for (size_t k = 0; k < prune.size(); ++k) {
    AbsentPresent<int64_t> counts{};
    for (size_t y = 0; y < 2; ++y) {
      const int64_t available = joint.label_counts[k][y];
      if (available <= 1 || available <= options.min_examples_per_class) continue;
      const int64_t wanted = by_class ? available - prune[k][y][y] : prune[k][y][1 - y];
      counts[y] = std::clamp<int64_t>(wanted, 0, available);
    }
    choice.counts.push_back(counts);
  }
  return choice;
}

LabelChoice low_choice(FilterBy filter, const MultilabelJoint& joint) {
  LabelChoice choice;
  choice.limit = LabelChoice::Limit::kLowerHalf;
  choice.key = filter == FilterBy::kLowSelfConfidence ? LabelChoice::Key::kLowestSelfConfidence
                                                      : LabelChoice::Key::kLowestNormalizedMargin;
  for (const int64_t count : joint.num_off_diagonal) choice.counts.push_back({count, 0});
  return choice;
}

LabelChoice choice_of(FilterBy filter, const MultilabelFilterOptions& options,
                      const MultilabelJoint& joint) {
  if (is_prune_filter(filter)) return prune_choice(filter, options, joint);
  if (is_low_filter(filter)) return low_choice(filter, joint);
  LabelChoice choice;
  if (filter == FilterBy::kConfidentLearning) choice.limit = LabelChoice::Limit::kOffDiagonal;
  return choice;
}

/// Sorts taken labels by example, keeping their order within one, and marks the examples.
void set_wrong_labels(const std::vector<TakenLabel>& taken, int64_t num_rows,
                      MultilabelIssues& found) {
  found.offsets.assign(static_cast<size_t>(num_rows) + 1, 0);
  for (const TakenLabel& label : taken) ++found.offsets[static_cast<size_t>(label.index) + 1];
  found.mask.resize(static_cast<size_t>(num_rows));
  found.num_issues = 0;
  for (size_t i = 0; i < found.mask.size(); ++i) {
    found.mask[i] = found.offsets[i + 1] != 0;
    found.num_issues += found.mask[i];
    found.offsets[i + 1] += found.offsets[i];
  }
  std::vector<int64_t> next(found.offsets.begin(), found.offsets.end() - 1);
  found.wrong.resize(taken.size());
  for (const TakenLabel& label : taken) {
    found.wrong[static_cast<size_t>(next[static_cast<size_t>(label.index)]++)] = label.issue;
  }
}

/// The labels that two filters both take.
void keep_common(const MultilabelIssues& other, MultilabelIssues& found) {
  std::vector<TakenLabel> common;
  for (size_t i = 0; i < found.mask.size(); ++i) {
    const auto index = static_cast<int64_t>(i);
    const auto theirs = other.wrong_classes(index);
    auto at = theirs.begin();
    for (const ClassIssue& issue : found.wrong_classes(index)) {
      while (at != theirs.end() && at->label < issue.label) ++at;
      if (at != theirs.end() && at->label == issue.label) common.push_back({index, issue});
    }
  }
  set_wrong_labels(common, static_cast<int64_t>(found.mask.size()), found);
}

/// Ignored examples count too.
int64_t count_rows(MultilabelSource& source) {
  if (source.num_rows() >= 0) return source.num_rows();
  int64_t rows = 0;
  source.reset();
  for (MultilabelBlock block; source.next(block);) rows = block.first_row + block.pred_probs.rows;
  return rows;
}

void choose(MultilabelSource& source, const MultilabelFilterOptions& options, int64_t num_rows,
            MultilabelIssues& found) {
  if (options.filter_by == FilterBy::kAuto) {
    MultilabelAutoCut cut = cut_label_sets(source, options.execution);
    set_wrong_labels(cut.labels, num_rows, found);
    found.expected_errors = std::move(cut.errors);
    found.auto_models = std::move(cut.models);
    return;
  }
  const auto run = [&](FilterBy filter, MultilabelIssues& result) {
    const LabelChoice choice = choice_of(filter, options, found.joint);
    set_wrong_labels(take_labels(source, found.joint, choice, nullptr, options.execution), num_rows,
                     result);
  };
  if (options.filter_by != FilterBy::kBoth) {
    run(options.filter_by, found);
    return;
  }
  MultilabelIssues by_class;
  run(FilterBy::kPruneByClass, by_class);
  run(FilterBy::kPruneByNoiseRate, found);
  keep_common(by_class, found);
}

MultilabelIssues counted(MultilabelSource& source, const MultilabelFilterOptions& options) {
  check_options(options, source.num_classes());
  MultilabelIssues found;
  found.joint = multilabel_confident_joint(source, {options.thresholds, options.execution});
  return found;
}

}  // namespace

std::optional<ExpectedErrors> MultilabelIssues::total_expected_errors() const {
  if (expected_errors.empty()) return std::nullopt;
  ExpectedErrors sum;
  for (const ExpectedErrors& errors : expected_errors) {
    sum.expected += errors.expected;
    sum.low += errors.low;
    sum.high += errors.high;
  }
  return sum;
}

std::vector<uint8_t> MultilabelIssues::per_class_mask() const {
  const size_t classes = joint.thresholds.size();
  std::vector<uint8_t> flags(mask.size() * classes);
  for (size_t i = 0; i < mask.size(); ++i) {
    for (const ClassIssue& issue : wrong_classes(static_cast<int64_t>(i))) {
      flags[i * classes + static_cast<size_t>(issue.label)] = 1;
    }
  }
  return flags;
}

MultilabelIssues find_multilabel_issues_per_class(MultilabelSource& source,
                                                  const MultilabelFilterOptions& options) {
  const CrewScope scope;
  MultilabelIssues found = counted(source, options);
  choose(source, options, count_rows(source), found);
  return found;
}

MultilabelIssues find_multilabel_issues(MultilabelSource& source,
                                        const MultilabelFilterOptions& options) {
  const CrewScope scope;
  if (!is_low_filter(options.filter_by)) return find_multilabel_issues_per_class(source, options);
  MultilabelIssues found = counted(source, options);
  const int64_t num_rows = count_rows(source);
  MultilabelFilterOptions confident = options;
  confident.filter_by = FilterBy::kConfidentLearning;
  choose(source, confident, num_rows, found);

  const int64_t num_lowest = found.num_issues;
  MultilabelScoreOptions self_confidence;
  self_confidence.execution = options.execution;
  std::vector<uint8_t> lowest(static_cast<size_t>(num_rows));
  for (const int64_t index :
       find_top_issues(multilabel_quality_scores(source, self_confidence), num_lowest)) {
    lowest[static_cast<size_t>(index)] = 1;
  }
  set_wrong_labels(
      take_labels(source, found.joint, LabelChoice{}, lowest.data(), options.execution), num_rows,
      found);
  found.mask = std::move(lowest);
  found.num_issues = num_lowest;
  return found;
}

}  // namespace labelsieve
