// labelsieve find: the label issues, worst first.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "issues.h"
#include "labelsieve/write.h"

namespace labelsieve::cli {
namespace {

std::vector<TableColumn> columns_of(const Context& context, const Input& input) {
  // Where the score is the self-confidence, or stands for more, a narrow table leaves that out.
  const Method method = context.settings.score.method;
  const bool is_repeated = (method == Method::kSelfConfidence || method == Method::kAuto) &&
                           !context.settings.score.adjust_pred_probs && !input.is_ensemble();
  std::vector<TableColumn> columns = {
      {"rank", Align::kRight, Style::kDim},
      {"index", Align::kRight},
      input.label_column("given_label", Style::kBad),
      input.label_column("suggested_label", Style::kGood),
      {"label_quality", Align::kRight},
      {"self_confidence", Align::kRight, Style::kPlain, is_repeated},
      {"suggested_prob", Align::kRight}};
  if (!input.dataset().ids.empty()) columns.push_back({"id"});
  if (!input.dataset().text.empty()) columns.push_back({"text"});
  return columns;
}

void write_rows(const std::vector<Example>& issues, int64_t count, const Input& input,
                RowWriter& rows) {
  std::vector<Cell> cells;
  for (int64_t rank = 0; rank < count; ++rank) {
    const Example& example = issues[static_cast<size_t>(rank)];
    const auto row = static_cast<size_t>(example.index);
    cells.assign({rank + 1, example.index, input.label_cell(example.given_label),
                  input.label_cell(example.suggested_label), example.label_quality,
                  example.self_confidence, example.suggested_prob});
    if (!input.dataset().ids.empty()) cells.emplace_back(input.dataset().ids[row]);
    if (!input.dataset().text.empty()) cells.emplace_back(input.dataset().text[row]);
    rows.write(cells);
  }
  rows.finish();
}

/// "57 label issues in 1797 examples (3.17 %) of 10 classes"
std::string summary_line(const Issues& issues, int64_t num_listed, const Input& input) {
  const int64_t num_examples = input.num_examples();
  std::string line =
      fmt::format("{} in {} ({:.2f} %) of {}",
                  counted(issues.num_issues, "label issue", "label issues"), input.counted_units(),
                  100 * static_cast<double>(issues.num_issues) / static_cast<double>(num_examples),
                  counted(input.num_classes(), "class", "classes"));
  line += expectation(issues);
  if (num_listed < issues.num_issues) line += fmt::format("; the worst {} listed", num_listed);
  const int64_t left_out = issues.num_flagged - issues.num_issues;
  if (left_out > 0) line += fmt::format("; {} more left out as asked", left_out);
  return line + ".";
}

std::string next_step(const Issues& issues, const Input& input) {
  if (issues.num_issues == 0) return "Next: labelsieve health shows the classes one by one.";
  return fmt::format(
      "Next: check these labels from the top; list the {} of those that are right in a file and "
      "leave them out with --ignore FILE.",
      input.dataset().ids.empty() ? "indices" : "ids");
}

nlohmann::ordered_json json_summary(const Context& context, const Input& input,
                                    const Issues& issues, int64_t num_listed) {
  nlohmann::ordered_json summary = input.summary(context.settings);
  summary["num_flagged"] = issues.num_flagged;
  summary["num_issues"] = issues.num_issues;
  add_expectation(issues, summary);
  summary["num_listed"] = num_listed;
  return summary;
}

void write_result(Context& context, const Input& input, const Issues& issues, int64_t num_listed) {
  Output output(context.settings.output);
  const Format format = output.format();
  if (format == Format::kJson) {
    output.write("{\"schema_version\":1,\n\"summary\":");
    output.write(json_text(json_summary(context, input, issues, num_listed)));
    output.write(",\n\"issues\":[");
  }
  if (format != Format::kTable || num_listed > 0) {
    RowWriter rows(output, columns_of(context, input));
    write_rows(issues.ranked, num_listed, input, rows);
  }
  if (format == Format::kJson) output.write("]}\n");
  if (format == Format::kTable && !context.messages.quiet()) {
    if (num_listed > 0) output.write("\n");
    output.write(summary_line(issues, num_listed, input) + "\n");
    output.write(next_step(issues, input) + "\n");
  }
  output.commit();
}

}  // namespace

int run_find(Context& context, Input& input) {
  const OutputSettings& output = context.settings.output;
  const bool is_mask = output.format == Format::kNpy;
  const Issues issues = choose_issues(context, input, !is_mask);
  context.progress.erase();
  warn_about_data(context, input, issues.found.joint);
  // The mask holds every issue, whatever --top says.
  const int64_t num_listed =
      is_mask
          ? issues.num_issues
          : std::min(issues.num_issues, context.settings.selection.top.value_or(issues.num_issues));
  if (is_mask) {
    write_npy_bool(output.file, issues.found.mask);
  } else {
    write_result(context, input, issues, num_listed);
  }
  say_written(context, summary_line(issues, num_listed, input));
  return exit_code(context, input, issues.num_issues);
}

}  // namespace labelsieve::cli
