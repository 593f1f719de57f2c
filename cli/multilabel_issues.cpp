#include "multilabel_issues.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>

#include "labelsieve/read_multilabel.h"
#include "selection.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

/// --class and --threshold.
class Selector {
 public:
  Selector(const Selection& selection, const MultilabelInput& input)
      : threshold_(selection.threshold) {
    for (const std::string& name : selection.given_classes) {
      const int64_t label = input.find_class(name);
      if (label < 0) {
        refuse_value("--class", fmt::format("no class is named \"{}\"; see labelsieve inspect for "
                                            "the names",
                                            name));
      }
      classes_.resize(static_cast<size_t>(input.num_classes()));
      classes_[static_cast<size_t>(label)] = true;
    }
  }

  bool needs_scores() const { return threshold_.has_value(); }

  bool keeps(const ClassIssue& issue) const {
    return classes_.empty() || classes_[static_cast<size_t>(issue.label)];
  }
  bool keeps(std::span<const ClassIssue> issues) const {
    return classes_.empty() || std::any_of(issues.begin(), issues.end(),
                                           [&](const ClassIssue& issue) { return keeps(issue); });
  }
  bool keeps(double label_quality) const { return !threshold_ || label_quality < *threshold_; }

 private:
  std::vector<bool> classes_;  // K, or empty: all
  std::optional<double> threshold_;
};

/// Keeps the wrong classes for which keep(index, issue) holds; an example is an issue where any is
/// left or, without `by_class`, where its mask says so.
template <class Keep>
void restrict(MultilabelIssues& found, bool by_class, const Keep& keep) {
  std::vector<ClassIssue> kept;
  std::vector<int64_t> offsets = {0};
  offsets.reserve(found.offsets.size());
  for (size_t i = 0; i < found.mask.size(); ++i) {
    for (const ClassIssue& issue : found.wrong_classes(static_cast<int64_t>(i))) {
      if (keep(static_cast<int64_t>(i), issue)) kept.push_back(issue);
    }
    offsets.push_back(static_cast<int64_t>(kept.size()));
    if (by_class) found.mask[i] = offsets[i + 1] > offsets[i];
  }
  found.wrong = std::move(kept);
  found.offsets = std::move(offsets);
  found.num_issues = std::count(found.mask.begin(), found.mask.end(), uint8_t{1});
}

/// Leaves the wrong classes of examples that are no issues out.
void drop_unmasked(MultilabelIssues& found) {
  restrict(found, false, [&](int64_t index, const ClassIssue&) {
    return found.mask[static_cast<size_t>(index)] != 0;
  });
}

std::vector<RankedClassIssue> rank_classes(const Context& context, MultilabelInput& input,
                                           const MultilabelIssues& found) {
  std::vector<RankedClassIssue> ranked;
  const auto rankings = rank_multilabel_issues_per_class(
      input.source(), found, multilabel_score_options(context, found.joint.thresholds));
  for (size_t k = 0; k < rankings.size(); ++k) {
    for (size_t i = 0; i < rankings[k].indices.size(); ++i) {
      ranked.push_back(
          {rankings[k].indices[i], {static_cast<int32_t>(k), false}, rankings[k].scores[i]});
    }
  }
  for (RankedClassIssue& row : ranked) {
    const auto wrong = found.wrong_classes(row.index);
    row.issue = *std::find_if(wrong.begin(), wrong.end(), [&](const ClassIssue& issue) {
      return issue.label == row.issue.label;
    });
  }
  std::sort(ranked.begin(), ranked.end(), [](const auto& a, const auto& b) {
    return std::tie(a.label_quality, a.index, a.issue.label) <
           std::tie(b.label_quality, b.index, b.issue.label);
  });
  return ranked;
}

void select_classes(const Context& context, MultilabelInput& input, const Selector& selector,
                    bool ranked, MultilabelChoice& choice) {
  restrict(choice.found, true,
           [&](int64_t, const ClassIssue& issue) { return selector.keeps(issue); });
  if (ranked || selector.needs_scores()) {
    choice.ranked_classes = rank_classes(context, input, choice.found);
    std::erase_if(choice.ranked_classes,
                  [&](const RankedClassIssue& row) { return !selector.keeps(row.label_quality); });
  }
  if (selector.needs_scores()) {
    std::vector<std::pair<int64_t, int32_t>> kept;
    for (const RankedClassIssue& row : choice.ranked_classes) {
      kept.emplace_back(row.index, row.issue.label);
    }
    std::sort(kept.begin(), kept.end());
    restrict(choice.found, true, [&](int64_t index, const ClassIssue& issue) {
      return std::binary_search(kept.begin(), kept.end(), std::pair(index, issue.label));
    });
  }
  choice.num_issues = static_cast<int64_t>(choice.found.wrong.size());
}

void select_examples(const Context& context, MultilabelInput& input, const Selector& selector,
                     bool ranked, MultilabelChoice& choice) {
  MultilabelIssues& found = choice.found;
  for (size_t i = 0; i < found.mask.size(); ++i) {
    if (!selector.keeps(found.wrong_classes(static_cast<int64_t>(i)))) found.mask[i] = 0;
  }
  drop_unmasked(found);
  if (ranked || selector.needs_scores()) {
    choice.ranked = rank_multilabel_issues(
        input.source(), found, multilabel_score_options(context, found.joint.thresholds));
    std::erase_if(choice.ranked, [&](const MultilabelExample& example) {
      const bool keep = selector.keeps(example.label_quality);
      if (!keep) found.mask[static_cast<size_t>(example.index)] = 0;
      return !keep;
    });
    drop_unmasked(found);
  }
  choice.num_issues = found.num_issues;
}

}  // namespace

MultilabelIssues flag_multilabel_issues(const Context& context, MultilabelInput& input) {
  const Settings& settings = context.settings;
  MultilabelFilterOptions options;
  options.filter_by = settings.filter.filter_by;
  options.frac_noise = settings.filter.frac_noise;
  options.min_examples_per_class = settings.filter.min_examples_per_class;
  options.num_to_remove_per_class = settings.filter.num_to_remove_per_class;
  if (!settings.joint_file.empty()) {
    options.confident_joint = read_multilabel_joint(settings.joint_file, input.num_classes());
  }
  options.execution = context.execution();
  return settings.multilabel.per_class ? find_multilabel_issues_per_class(input.source(), options)
                                       : find_multilabel_issues(input.source(), options);
}

MultilabelScoreOptions multilabel_score_options(
    const Context& context, const std::vector<AbsentPresent<double>>& thresholds) {
  MultilabelScoreOptions options;
  options.method = context.settings.score.method;
  options.adjust_pred_probs = context.settings.score.adjust_pred_probs;
  if (options.adjust_pred_probs) options.thresholds = thresholds;
  options.pooling = context.settings.multilabel.pooling;
  options.execution = context.execution();
  return options;
}

MultilabelChoice choose_multilabel_issues(const Context& context, MultilabelInput& input,
                                          bool ranked) {
  const Selection& selection = context.settings.selection;
  const bool by_class = context.settings.multilabel.per_class;
  const Selector selector(selection, input);
  MultilabelChoice choice;
  choice.found = flag_multilabel_issues(context, input);
  choice.num_flagged =
      by_class ? static_cast<int64_t>(choice.found.wrong.size()) : choice.found.num_issues;
  if (!selection.ignore_file.empty()) {
    for (const int64_t index : read_ignored_indices(context, input)) {
      choice.found.mask[static_cast<size_t>(index)] = 0;
    }
    drop_unmasked(choice.found);
  }
  if (by_class) {
    select_classes(context, input, selector, ranked, choice);
  } else {
    select_examples(context, input, selector, ranked, choice);
  }
  return choice;
}

MultilabelTotal total_of(const Context& context, const MultilabelInput& input) {
  const int64_t examples = input.num_examples();
  if (!context.settings.multilabel.per_class) return {examples, input.counted_units()};
  const int64_t labels = examples * input.num_classes();
  return {labels, counted(labels, "label", "labels")};
}

int multilabel_exit_code(const Context& context, const MultilabelInput& input, int64_t num_issues) {
  const std::optional<FailOn>& fail_on = context.settings.selection.fail_on;
  const MultilabelTotal total = total_of(context, input);
  if (!fail_on || !fail_on->exceeded_by(num_issues, total.count)) return kExitClean;
  context.messages.plain(fmt::format("{} in {}, more than --fail-on {} allows",
                                     counted(num_issues, "label issue", "label issues"), total.text,
                                     fail_on->text));
  return kExitIssues;
}

void warn_about_multilabel_data(const Context& context, const MultilabelJoint& joint) {
  constexpr int64_t kFewLabels = 20;
  constexpr double kInSample = 0.005;
  int64_t given = 0;
  for (const AbsentPresent<int64_t>& counts : joint.label_counts) given += counts[1];
  const int64_t disagreeing =
      std::accumulate(joint.num_disagreeing.begin(), joint.num_disagreeing.end(), int64_t{0});
  if (given < kFewLabels ||
      static_cast<double>(disagreeing) >= kInSample * static_cast<double>(given)) {
    return;
  }
  context.messages.warning(fmt::format(
      "the model disagrees with {} beside {} that are given: these probabilities look in-sample; "
      "use out-of-sample ones, for example from cross-validation",
      counted(disagreeing, "label", "labels"), given));
}

}  // namespace labelsieve::cli
