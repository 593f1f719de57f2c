// labelsieve health: the classes by label quality, the pairs that overlap, the whole.
#include "labelsieve/health.h"

#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>
#include <numeric>

#include "health.h"
#include "labelsieve/read.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

constexpr size_t kPairsInTable = 10;

struct Health {
  std::vector<ClassQuality> classes;
  std::vector<ClassOverlap> pairs;
  std::vector<int64_t> num_issues;  // K, by given class, as find says
  int64_t num_all_issues = 0;
  double overall = 1;
  std::string expectation;  // of the automatic method
};

/// The joint that --joint gives, else the one estimated from the data.
SparseMatrix<double> joint_of(const Context& context, const Input& input, const Issues& issues) {
  if (context.settings.joint_file.empty()) return estimate_joint(issues.found.joint.calibrated);
  const SparseMatrix<double> given = read_joint(context.settings.joint_file, input.num_classes());
  const double total = std::accumulate(given.values.begin(), given.values.end(), 0.0);
  return given.mapped<double>([&](double value) { return value / total; });
}

std::vector<int64_t> issues_by_class(const Context& context, Input& input, const Issues& issues) {
  std::vector<int64_t> indices;
  const std::vector<uint8_t>& mask = issues.found.mask;
  for (size_t row = 0; row < mask.size(); ++row) {
    if (mask[row] != 0) indices.push_back(static_cast<int64_t>(row));
  }
  ScoreOptions options;
  options.execution = context.execution();
  std::vector<int64_t> counts(static_cast<size_t>(input.num_classes()));
  for (const Example& example : describe_examples(input.source(), indices, options)) {
    ++counts[static_cast<size_t>(example.given_label)];
  }
  return counts;
}

Health examine(const Context& context, Input& input, const Issues& issues) {
  const SparseMatrix<double> joint = joint_of(context, input, issues);
  const int64_t num_examples = input.num_examples();
  Health health;
  health.classes =
      rank_classes_by_label_quality(joint, issues.found.joint.label_counts, num_examples);
  health.pairs = find_overlapping_classes(joint, num_examples);
  health.num_issues = issues_by_class(context, input, issues);
  health.num_all_issues = issues.num_issues;
  health.expectation = expectation(issues);
  health.overall = overall_label_health_score(issues.num_issues, num_examples);
  return health;
}

void write_classes(const Health& health, const Input& input, Output& output) {
  RowWriter rows(output, {input.label_column("class"),
                          {"num_examples", Align::kRight},
                          {"num_issues", Align::kRight, Style::kBad},
                          {"estimated_label_issues", Align::kRight},
                          {"estimated_inverse_label_issues", Align::kRight},
                          {"estimated_label_noise", Align::kRight},
                          {"estimated_inverse_label_noise", Align::kRight},
                          {"estimated_label_quality_score", Align::kRight}});
  for (const ClassQuality& quality : health.classes) {
    const std::vector<Cell> cells = {input.label_cell(quality.label),
                                     quality.num_examples,
                                     health.num_issues[static_cast<size_t>(quality.label)],
                                     quality.label_issues,
                                     quality.inverse_label_issues,
                                     quality.label_noise,
                                     quality.inverse_label_noise,
                                     quality.label_quality_score};
    rows.write(cells);
  }
  rows.finish();
}

void write_pairs(const Health& health, size_t count, const Input& input, Output& output) {
  RowWriter rows(output, {input.label_column("class_a"),
                          input.label_column("class_b"),
                          {"estimated_num_overlapping", Align::kRight},
                          {"estimated_joint_probability", Align::kRight}});
  for (size_t p = 0; p < count; ++p) {
    const ClassOverlap& pair = health.pairs[p];
    const std::vector<Cell> cells = {input.label_cell(pair.class_a), input.label_cell(pair.class_b),
                                     pair.num_overlapping, pair.joint_probability};
    rows.write(cells);
  }
  rows.finish();
}

std::string summary_line(const Health& health, const Input& input) {
  return fmt::format("Overall label health score {:.4f}: {} in {}, as find says{}.", health.overall,
                     counted(health.num_all_issues, "label issue", "label issues"),
                     input.counted_units(), health.expectation);
}

void write_table(const Context& context, const Health& health, const Input& input,
                 const MoreHealth& more, Output& output) {
  output.write("Classes, lowest label quality first\n\n");
  write_classes(health, input, output);
  const size_t listed = std::min(health.pairs.size(), kPairsInTable);
  if (listed > 0) {
    output.write("\nClasses taken for each other, most often first\n\n");
    write_pairs(health, listed, input, output);
  }
  if (listed < health.pairs.size()) {
    output.write(fmt::format("and {} more with --format json\n", health.pairs.size() - listed));
  }
  if (more.write_tables) more.write_tables(output);
  output.write(fmt::format("\n{}\n", summary_line(health, input)));
  const auto worst =
      std::find_if(health.classes.begin(), health.classes.end(), [&](const ClassQuality& quality) {
        return health.num_issues[static_cast<size_t>(quality.label)] > 0;
      });
  if (!context.messages.quiet() && worst != health.classes.end()) {
    output.write(fmt::format(
        "Next: labelsieve find --class {} lists the issues of the class with the lowest "
        "quality.\n",
        shell_quoted(input.label_text(worst->label))));
  }
}

void write_json(const Context& context, const Issues& issues, const Health& health,
                const Input& input, const MoreHealth& more, Output& output) {
  nlohmann::ordered_json summary = input.summary(context.settings);
  summary["num_issues"] = health.num_all_issues;
  add_expectation(issues, summary);
  std::string overall;
  append_json_number(overall, health.overall);
  output.write("{\"schema_version\":1,\n\"summary\":");
  output.write(json_text(summary));
  output.write(fmt::format(",\n\"overall_label_health_score\":{},\n\"classes\":[", overall));
  write_classes(health, input, output);
  output.write("],\n\"overlapping_classes\":[");
  write_pairs(health, health.pairs.size(), input, output);
  output.write("]");
  if (more.write_json) more.write_json(output);
  output.write("}\n");
}

}  // namespace

int report_health(Context& context, Input& input, const Issues& issues, const MoreHealth& more) {
  const Health health = examine(context, input, issues);
  context.progress.erase();
  warn_about_data(context, input, issues.found.joint);
  Output output(context.settings.output);
  switch (output.format()) {
    case Format::kTable: write_table(context, health, input, more, output); break;
    case Format::kJson: write_json(context, issues, health, input, more, output); break;
    default: write_classes(health, input, output);
  }
  output.commit();
  say_written(context, summary_line(health, input));
  return exit_code(context, input, issues.num_issues);
}

int run_health(Context& context, Input& input) {
  return report_health(context, input, choose_issues(context, input, false));
}

}  // namespace labelsieve::cli
