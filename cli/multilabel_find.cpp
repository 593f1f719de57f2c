// labelsieve find for multi-label data: which labels to add and which to take away.
#include <fmt/format.h>

#include <algorithm>
#include <nlohmann/json.hpp>

#include "labelsieve/write.h"
#include "multilabel_issues.h"

namespace labelsieve::cli {
namespace {

std::vector<TableColumn> columns_of(const Context& context, const MultilabelInput& input) {
  std::vector<TableColumn> columns = {{"rank", Align::kRight, Style::kDim},
                                      {"index", Align::kRight}};
  if (!input.dataset().ids.empty()) columns.push_back({"id"});
  if (context.settings.multilabel.per_class) {
    columns.push_back(input.label_column("class"));
    columns.push_back({"action", Align::kLeft, Style::kBad});
  } else {
    columns.push_back(input.set_column("given_labels"));
    columns.push_back(input.set_column("suggested_labels"));
    columns.push_back(input.set_column("add", Style::kGood));
    columns.push_back(input.set_column("remove", Style::kBad));
  }
  columns.push_back({"label_quality", Align::kRight});
  if (!input.dataset().text.empty()) columns.push_back({"text"});
  return columns;
}

void start_row(int64_t rank, int64_t index, const MultilabelInput& input,
               std::vector<Cell>& cells) {
  cells.assign({rank + 1, index});
  if (!input.dataset().ids.empty()) {
    cells.emplace_back(input.dataset().ids[static_cast<size_t>(index)]);
  }
}

void end_row(int64_t index, double label_quality, const MultilabelInput& input,
             std::vector<Cell>& cells, RowWriter& rows) {
  cells.emplace_back(label_quality);
  if (!input.dataset().text.empty()) {
    cells.emplace_back(input.dataset().text[static_cast<size_t>(index)]);
  }
  rows.write(cells);
}

void write_rows(const Context& context, const MultilabelChoice& choice, int64_t count,
                const MultilabelInput& input, RowWriter& rows) {
  std::vector<Cell> cells;
  for (int64_t rank = 0; rank < count; ++rank) {
    const auto at = static_cast<size_t>(rank);
    if (context.settings.multilabel.per_class) {
      const RankedClassIssue& row = choice.ranked_classes[at];
      start_row(rank, row.index, input, cells);
      cells.emplace_back(input.label_cell(row.issue.label));
      cells.emplace_back(std::string_view(row.issue.given ? "remove" : "add"));
      end_row(row.index, row.label_quality, input, cells, rows);
    } else {
      const MultilabelExample& example = choice.ranked[at];
      start_row(rank, example.index, input, cells);
      for (const auto* set :
           {&example.given_labels, &example.suggested_labels, &example.add, &example.remove}) {
        cells.emplace_back(input.set_cell(*set));
      }
      end_row(example.index, example.label_quality, input, cells, rows);
    }
  }
  rows.finish();
}

/// "57 label issues in 1797 examples (3.17 %) of 10 classes"
std::string summary_line(const Context& context, const MultilabelChoice& choice, int64_t num_listed,
                         const MultilabelInput& input) {
  const MultilabelTotal total = total_of(context, input);
  std::string line = fmt::format(
      "{} in {} ({:.2f} %) of {}", counted(choice.num_issues, "label issue", "label issues"),
      total.text, 100 * static_cast<double>(choice.num_issues) / static_cast<double>(total.count),
      counted(input.num_classes(), "class", "classes"));
  if (const auto expected = choice.found.total_expected_errors()) {
    line +=
        fmt::format("; {:.0f} wrong labels expected by the automatic method", expected->expected);
  }
  if (num_listed < choice.num_issues) line += fmt::format("; the worst {} listed", num_listed);
  const int64_t left_out = choice.num_flagged - choice.num_issues;
  if (left_out > 0) line += fmt::format("; {} more left out as asked", left_out);
  return line + ".";
}

std::string next_step(const MultilabelChoice& choice, const MultilabelInput& input) {
  if (choice.num_issues == 0) return "Next: labelsieve health shows the classes one by one.";
  return fmt::format(
      "Next: check these examples from the top; list the {} of those that are right in a file and "
      "leave them out with --ignore FILE.",
      input.dataset().ids.empty() ? "indices" : "ids");
}

void write_result(Context& context, const MultilabelInput& input, const MultilabelChoice& choice,
                  int64_t num_listed) {
  Output output(context.settings.output);
  const Format format = output.format();
  if (format == Format::kJson) {
    nlohmann::ordered_json summary = input.summary(context.settings);
    summary["num_flagged"] = choice.num_flagged;
    summary["num_issues"] = choice.num_issues;
    summary["num_listed"] = num_listed;
    if (const auto expected = choice.found.total_expected_errors()) {
      summary["expected_errors"] = expected->expected;
      summary["expected_errors_low"] = expected->low;
      summary["expected_errors_high"] = expected->high;
    }
    output.write("{\"schema_version\":1,\n\"summary\":");
    output.write(json_text(summary));
    output.write(",\n\"issues\":[");
  }
  if (format != Format::kTable || num_listed > 0) {
    RowWriter rows(output, columns_of(context, input));
    write_rows(context, choice, num_listed, input, rows);
  }
  if (format == Format::kJson) output.write("]}\n");
  if (format == Format::kTable && !context.messages.quiet()) {
    if (num_listed > 0) output.write("\n");
    output.write(summary_line(context, choice, num_listed, input) + "\n");
    output.write(next_step(choice, input) + "\n");
  }
  output.commit();
}

void write_mask(const Context& context, const MultilabelIssues& found,
                const MultilabelInput& input) {
  const std::string& file = context.settings.output.file;
  if (context.settings.multilabel.per_class) {
    write_npy_bool(file, found.per_class_mask(), input.num_classes());
  } else {
    write_npy_bool(file, found.mask);
  }
}

}  // namespace

int run_find(Context& context, MultilabelInput& input) {
  const bool is_mask = context.settings.output.format == Format::kNpy;
  const MultilabelChoice choice = choose_multilabel_issues(context, input, !is_mask);
  context.progress.erase();
  warn_about_multilabel_data(context, choice.found.joint);
  // The mask holds every issue, whatever --top says.
  const int64_t num_listed =
      is_mask
          ? choice.num_issues
          : std::min(choice.num_issues, context.settings.selection.top.value_or(choice.num_issues));
  if (is_mask) {
    write_mask(context, choice.found, input);
  } else {
    write_result(context, input, choice, num_listed);
  }
  say_written(context, summary_line(context, choice, num_listed, input));
  return multilabel_exit_code(context, input, choice.num_issues);
}

}  // namespace labelsieve::cli
