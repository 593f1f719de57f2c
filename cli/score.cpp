// labelsieve score: every example in input order.
#include <fmt/format.h>

#include <limits>
#include <nlohmann/json.hpp>

#include "issues.h"
#include "labelsieve/write.h"

namespace labelsieve::cli {
namespace {

std::vector<TableColumn> columns_of(const Input& input) {
  std::vector<TableColumn> columns = {{"index", Align::kRight},
                                      input.label_column("given_label"),
                                      input.label_column("suggested_label"),
                                      {"label_quality", Align::kRight},
                                      {"is_label_issue", Align::kLeft, Style::kBad},
                                      {"self_confidence", Align::kRight},
                                      {"suggested_prob", Align::kRight}};
  if (!input.dataset().ids.empty()) columns.push_back({"id"});
  if (!input.dataset().text.empty()) columns.push_back({"text"});
  return columns;
}

void write_rows(const std::vector<Example>& examples, const std::vector<uint8_t>& mask,
                const Input& input, RowWriter& rows) {
  std::vector<Cell> cells;
  for (size_t row = 0; row < examples.size(); ++row) {
    const Example& example = examples[row];
    const bool is_skipped = example.given_label < 0;
    const auto unless_skipped = [&](double value) {
      return is_skipped ? std::numeric_limits<double>::quiet_NaN() : value;
    };
    cells.assign({example.index, input.label_cell(example.given_label),
                  input.label_cell(is_skipped ? -1 : example.suggested_label),
                  unless_skipped(example.label_quality), mask[row] != 0,
                  unless_skipped(example.self_confidence), unless_skipped(example.suggested_prob)});
    if (!input.dataset().ids.empty()) cells.emplace_back(input.dataset().ids[row]);
    if (!input.dataset().text.empty()) cells.emplace_back(input.dataset().text[row]);
    rows.write(cells);
  }
  rows.finish();
}

std::string summary_line(const Issues& issues, const Input& input) {
  return fmt::format("{} scored, {} among them{}.", input.counted_units(),
                     counted(issues.found.num_issues, "label issue", "label issues"),
                     expectation(issues));
}

void write_result(Context& context, const Input& input, const std::vector<Example>& examples,
                  const Issues& issues) {
  Output output(context.settings.output);
  const Format format = output.format();
  if (format == Format::kJson) {
    nlohmann::ordered_json summary = input.summary(context.settings);
    summary["num_issues"] = issues.found.num_issues;
    add_expectation(issues, summary);
    output.write("{\"schema_version\":1,\n\"summary\":");
    output.write(json_text(summary));
    output.write(",\n\"examples\":[");
  }
  RowWriter rows(output, columns_of(input));
  write_rows(examples, issues.found.mask, input, rows);
  if (format == Format::kJson) output.write("]}\n");
  if (format == Format::kTable && !context.messages.quiet()) {
    output.write(fmt::format("\n{}\n", summary_line(issues, input)));
    output.write("Next: labelsieve find lists the issues, worst first.\n");
  }
  output.commit();
}

}  // namespace

int run_score(Context& context, Input& input) {
  const Issues issues{.found = flag_issues(context, input)};
  const LabelIssues& found = issues.found;
  const OutputSettings& output = context.settings.output;
  if (output.format == Format::kNpy) {
    const std::vector<double> scores = score_values(context, input, found);
    context.progress.erase();
    write_npy_float64(output.file, scores);
  } else {
    const std::vector<Example> examples = score_all(context, input, found);
    context.progress.erase();
    write_result(context, input, examples, issues);
  }
  warn_about_data(context, input, found.joint);
  say_written(context, summary_line(issues, input));
  return kExitClean;
}

}  // namespace labelsieve::cli
