#include "issues.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>
#include <utility>

#include "labelsieve/ensemble.h"
#include "labelsieve/read.h"
#include "selection.h"

namespace labelsieve::cli {
namespace {

ScoreOptions score_options(const Context& context) {
  ScoreOptions options = context.settings.score;
  options.execution = context.execution();
  return options;
}

/// With what is known from the filter already; each model of an ensemble has its own.
ScoreOptions score_options(const Context& context, const LabelIssues& found) {
  ScoreOptions options = score_options(context);
  if (options.adjust_pred_probs) options.thresholds = found.joint.thresholds;
  options.auto_model = found.auto_model;
  return options;
}

/// Label quality of an ensemble is the weighted mean of the models' scores, not the score of
/// their mean.
std::vector<double> ensemble_scores(const Context& context, const Input& input) {
  return ensemble_label_quality_scores(input.dataset().labels, input.dataset().pred_probs,
                                       input.weights(), score_options(context));
}

}  // namespace

ScoreOptions plain_options(const Context& context) {
  ScoreOptions options;
  options.execution = context.execution();
  return options;
}

std::optional<double> Issues::expected_errors() const {
  if (found.expected_errors) return found.expected_errors->expected;
  return num_expected;
}

LabelIssues flag_issues(const Context& context, Input& input) {
  FilterOptions options = context.settings.filter;
  options.execution = context.execution();
  if (!context.settings.joint_file.empty()) {
    options.confident_joint = read_joint(context.settings.joint_file, input.num_classes());
  }
  return find_label_issues(input.source(), options);
}

std::vector<Example> rank_issues(const Context& context, Input& input, const Issues& issues) {
  if (!input.is_ensemble()) {
    return rank_label_issues(input.source(), issues.found.mask,
                             score_options(context, issues.found));
  }
  const std::vector<double> scores = ensemble_scores(context, input);
  const std::vector<int64_t> order = order_label_issues(issues.found.mask, scores);
  std::vector<Example> ranked = describe_examples(input.source(), order, plain_options(context));
  for (Example& example : ranked) {
    example.label_quality = scores[static_cast<size_t>(example.index)];
  }
  return ranked;
}

void leave_out(int64_t index, LabelIssues& found) {
  found.num_issues -= std::exchange(found.mask[static_cast<size_t>(index)], uint8_t{0});
}

void select_issues(const Context& context, const Input& input, bool ranked,
                   const std::function<std::vector<Example>()>& rank, Issues& issues) {
  const ExampleSelector selector(context.settings.selection, input);
  if (ranked || selector.needs_examples()) {
    issues.ranked = rank();
    std::erase_if(issues.ranked, [&](const Example& example) {
      const bool keep = selector.keeps(example);
      if (!keep) leave_out(example.index, issues.found);
      return !keep;
    });
  }
  issues.num_issues = issues.found.num_issues;
}

Issues choose_issues(const Context& context, Input& input, bool ranked) {
  const Selection& selection = context.settings.selection;
  const ExampleSelector known_classes(selection, input);  // refuses others before the long part
  Issues issues;
  issues.found = flag_issues(context, input);
  issues.num_flagged = issues.found.num_issues;
  if (!selection.ignore_file.empty()) {
    for (const int64_t index : read_ignored_indices(context, input)) {
      leave_out(index, issues.found);
    }
  }
  select_issues(
      context, input, ranked, [&] { return rank_issues(context, input, issues); }, issues);
  return issues;
}

std::vector<double> score_values(const Context& context, Input& input, const LabelIssues& found) {
  if (input.is_ensemble()) return ensemble_scores(context, input);
  return label_quality_scores(input.source(), score_options(context, found));
}

std::vector<Example> score_all(const Context& context, Input& input, const LabelIssues& found) {
  if (!input.is_ensemble()) {
    return describe_all_examples(input.source(), score_options(context, found));
  }
  const std::vector<double> scores = ensemble_scores(context, input);
  std::vector<Example> examples = describe_all_examples(input.source(), plain_options(context));
  for (size_t i = 0; i < examples.size(); ++i) examples[i].label_quality = scores[i];
  return examples;
}

std::string expectation(const Issues& issues) {
  if (!issues.expected_errors()) return {};
  return fmt::format("; {:.0f} expected by the automatic method", *issues.expected_errors());
}

void add_expectation(const Issues& issues, nlohmann::ordered_json& summary) {
  if (!issues.expected_errors()) return;
  summary["expected_errors"] = *issues.expected_errors();
  const LabelIssues& found = issues.found;
  if (!found.expected_errors) return;
  summary["expected_errors_low"] = found.expected_errors->low;
  summary["expected_errors_high"] = found.expected_errors->high;
}

int exit_code(const Context& context, const Count& issues, const Count& all) {
  const std::optional<FailOn>& fail_on = context.settings.selection.fail_on;
  if (!fail_on || !fail_on->exceeded_by(issues.number, all.number)) return kExitClean;
  context.messages.plain(
      fmt::format("{} in {}, more than --fail-on {} allows", issues.text, all.text, fail_on->text));
  return kExitIssues;
}

int exit_code(const Context& context, const Input& input, int64_t num_issues) {
  return exit_code(context, {num_issues, counted(num_issues, "label issue", "label issues")},
                   {input.num_examples(), input.counted_units()});
}

}  // namespace labelsieve::cli
