// labelsieve health for multi-label data: the classes by label quality, the commonest issues.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "labelsieve/multilabel_classification.h"
#include "multilabel_issues.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

constexpr size_t kIssuesInTable = 10;

struct Health {
  std::vector<ClassQuality> classes;
  std::vector<CommonMultilabelIssue> common;  // that occur at all
  int64_t num_issues = 0;
  double overall = 1;
};

Health examine(const MultilabelChoice& choice) {
  Health health;
  health.classes = rank_classes_by_multilabel_quality(choice.found);
  health.common = common_multilabel_issues(choice.found);
  std::erase_if(health.common, [](const auto& issue) { return issue.num_examples == 0; });
  health.num_issues = choice.found.num_issues;
  health.overall = overall_multilabel_health_score(choice.found);
  return health;
}

void write_classes(const Health& health, const MultilabelInput& input, Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"num_to_remove", Align::kRight, Style::kBad},
                          {"num_to_add", Align::kRight, Style::kGood},
                          {"label_noise", Align::kRight},
                          {"inverse_label_noise", Align::kRight},
                          {"label_quality_score", Align::kRight}});
  for (const ClassQuality& quality : health.classes) {
    const std::vector<Cell> cells = {
        input.label_cell(quality.label), quality.num_examples, quality.label_issues,
        quality.inverse_label_issues,    quality.label_noise,  quality.inverse_label_noise,
        quality.label_quality_score};
    rows.write(cells);
  }
  rows.finish();
}

void write_common(const Health& health, size_t count, const MultilabelInput& input,
                  Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"action", Align::kLeft, Style::kBad},
                          {"num_examples", Align::kRight},
                          {"issue_probability", Align::kRight}});
  for (size_t i = 0; i < count; ++i) {
    const CommonMultilabelIssue& issue = health.common[i];
    const std::vector<Cell> cells = {input.label_cell(issue.label),
                                     std::string_view(issue.given ? "remove" : "add"),
                                     issue.num_examples, issue.issue_probability};
    rows.write(cells);
  }
  rows.finish();
}

std::string summary_line(const Health& health, const MultilabelInput& input) {
  return fmt::format("Overall label health score {:.4f}: {} in {}, as find says.", health.overall,
                     counted(health.num_issues, "label issue", "label issues"),
                     input.counted_units());
}

void write_table(const Context& context, const Health& health, const MultilabelInput& input,
                 Output& output) {
  output.write("Classes, lowest label quality first\n\n");
  write_classes(health, input, output);
  const size_t listed = std::min(health.common.size(), kIssuesInTable);
  if (listed > 0) {
    output.write("\nThe commonest issues\n\n");
    write_common(health, listed, input, output);
  }
  if (listed < health.common.size()) {
    output.write(fmt::format("and {} more with --format json\n", health.common.size() - listed));
  }
  output.write(fmt::format("\n{}\n", summary_line(health, input)));
  if (!context.messages.quiet() && listed > 0) {
    output.write(
        fmt::format("Next: labelsieve find --class {} lists the issues of the commonest kind.\n",
                    shell_quoted(input.label_text(health.common.front().label))));
  }
}

void write_json(const Context& context, const Health& health, const MultilabelInput& input,
                Output& output) {
  nlohmann::ordered_json summary = input.summary(context.settings);
  summary["num_issues"] = health.num_issues;
  std::string overall;
  append_json_number(overall, health.overall);
  output.write("{\"schema_version\":1,\n\"summary\":");
  output.write(json_text(summary));
  output.write(fmt::format(",\n\"overall_label_health_score\":{},\n\"classes\":[", overall));
  write_classes(health, input, output);
  output.write("],\n\"common_issues\":[");
  write_common(health, health.common.size(), input, output);
  output.write("]}\n");
}

}  // namespace

int run_health(Context& context, MultilabelInput& input) {
  const MultilabelChoice choice = choose_multilabel_issues(context, input, false);
  const Health health = examine(choice);
  context.progress.erase();
  warn_about_multilabel_data(context, choice.found.joint);
  Output output(context.settings.output);
  switch (output.format()) {
    case Format::kTable: write_table(context, health, input, output); break;
    case Format::kJson: write_json(context, health, input, output); break;
    default: write_classes(health, input, output);
  }
  output.commit();
  say_written(context, summary_line(health, input));
  return multilabel_exit_code(context, input, health.num_issues);
}

}  // namespace labelsieve::cli
