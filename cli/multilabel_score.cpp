// labelsieve score for multi-label data: every example, or every label, in input order.
#include <fmt/format.h>

#include <algorithm>
#include <limits>
#include <nlohmann/json.hpp>

#include "labelsieve/write.h"
#include "multilabel_issues.h"

namespace labelsieve::cli {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Every example with its score and suggestion; those that were skipped have an index alone.
std::vector<MultilabelExample> score_all(const Context& context, MultilabelInput& input,
                                         MultilabelIssues found) {
  for (size_t row = 0; row < found.mask.size(); ++row) {
    found.mask[row] = input.is_example(static_cast<int64_t>(row));
  }
  std::vector<MultilabelExample> ranked = rank_multilabel_issues(
      input.source(), found, multilabel_score_options(context, found.joint.thresholds));
  std::vector<MultilabelExample> examples(found.mask.size());
  for (MultilabelExample& example : ranked) {
    examples[static_cast<size_t>(example.index)] = std::move(example);
  }
  return examples;
}

void start_row(size_t row, const MultilabelInput& input, std::vector<Cell>& cells) {
  cells.assign({static_cast<int64_t>(row)});
  if (!input.dataset().ids.empty()) cells.emplace_back(input.dataset().ids[row]);
}

void end_row(size_t row, const MultilabelInput& input, std::vector<Cell>& cells, RowWriter& out) {
  if (!input.dataset().text.empty()) cells.emplace_back(input.dataset().text[row]);
  out.write(cells);
}

std::vector<TableColumn> multilabel_score_columns(const Context& context,
                                                  const MultilabelInput& input) {
  std::vector<TableColumn> columns = {{"index", Align::kRight}};
  if (!input.dataset().ids.empty()) columns.push_back({"id"});
  if (context.settings.multilabel.per_class) {
    columns.push_back(input.label_column("class"));
    columns.push_back({"given"});
  } else {
    columns.push_back(input.set_column("given_labels"));
    columns.push_back(input.set_column("suggested_labels"));
  }
  columns.push_back({"label_quality", Align::kRight});
  columns.push_back({"is_label_issue", Align::kLeft, Style::kBad});
  if (!input.dataset().text.empty()) columns.push_back({"text"});
  return columns;
}

void write_examples(const std::vector<MultilabelExample>& examples, const MultilabelIssues& found,
                    const MultilabelInput& input, RowWriter& rows) {
  std::vector<Cell> cells;
  for (size_t row = 0; row < examples.size(); ++row) {
    const MultilabelExample& example = examples[row];
    const bool is_example = input.is_example(static_cast<int64_t>(row));
    start_row(row, input, cells);
    for (const auto* set : {&example.given_labels, &example.suggested_labels}) {
      cells.push_back(is_example ? input.set_cell(*set) : Cell(std::monostate{}));
    }
    cells.emplace_back(is_example ? example.label_quality : kNaN);
    cells.emplace_back(found.mask[row] != 0);
    end_row(row, input, cells, rows);
  }
  rows.finish();
}

/// A row for every class of every example; `scores` are N×K.
void write_labels(const std::vector<MultilabelExample>& examples, const std::vector<double>& scores,
                  const MultilabelIssues& found, const MultilabelInput& input, RowWriter& rows) {
  std::vector<Cell> cells;
  const int64_t classes = input.num_classes();
  const std::vector<uint8_t> mask = found.per_class_mask();
  for (size_t row = 0; row < examples.size(); ++row) {
    const std::vector<int32_t>& given = examples[row].given_labels;
    const bool is_example = input.is_example(static_cast<int64_t>(row));
    for (int64_t k = 0; k < classes; ++k) {
      const size_t at = row * static_cast<size_t>(classes) + static_cast<size_t>(k);
      start_row(row, input, cells);
      cells.emplace_back(input.label_cell(k));
      const bool has = std::binary_search(given.begin(), given.end(), static_cast<int32_t>(k));
      cells.push_back(is_example ? Cell(has) : Cell(std::monostate{}));
      cells.emplace_back(scores[at]);
      cells.emplace_back(mask[at] != 0);
      end_row(row, input, cells, rows);
    }
  }
  rows.finish();
}

/// Examples, or with --per-class labels, among them issues.
int64_t num_issues(const Context& context, const MultilabelIssues& found) {
  return context.settings.multilabel.per_class ? static_cast<int64_t>(found.wrong.size())
                                               : found.num_issues;
}

std::string summary_line(const Context& context, const MultilabelIssues& found,
                         const MultilabelInput& input) {
  return fmt::format("{} scored, {} among them.", total_of(context, input).text,
                     counted(num_issues(context, found), "label issue", "label issues"));
}

void write_result(Context& context, MultilabelInput& input, const MultilabelIssues& found) {
  const bool per_class = context.settings.multilabel.per_class;
  const std::vector<MultilabelExample> examples = score_all(context, input, found);
  std::vector<double> scores;
  if (per_class) {
    scores = multilabel_quality_scores_per_class(
        input.source(), multilabel_score_options(context, found.joint.thresholds));
  }
  context.progress.erase();
  Output output(context.settings.output);
  const Format format = output.format();
  if (format == Format::kJson) {
    nlohmann::ordered_json summary = input.summary(context.settings);
    summary["num_issues"] = num_issues(context, found);
    output.write("{\"schema_version\":1,\n\"summary\":");
    output.write(json_text(summary));
    output.write(per_class ? ",\n\"labels\":[" : ",\n\"examples\":[");
  }
  RowWriter rows(output, multilabel_score_columns(context, input));
  if (per_class) {
    write_labels(examples, scores, found, input, rows);
  } else {
    write_examples(examples, found, input, rows);
  }
  if (format == Format::kJson) output.write("]}\n");
  if (format == Format::kTable && !context.messages.quiet()) {
    output.write(fmt::format("\n{}\n", summary_line(context, found, input)));
    output.write("Next: labelsieve find lists the issues, worst first.\n");
  }
  output.commit();
}

void write_scores(Context& context, MultilabelInput& input, const MultilabelIssues& found) {
  const MultilabelScoreOptions options = multilabel_score_options(context, found.joint.thresholds);
  const std::string& file = context.settings.output.file;
  if (context.settings.multilabel.per_class) {
    const auto scores = multilabel_quality_scores_per_class(input.source(), options);
    context.progress.erase();
    write_npy_float64(file, scores, input.num_classes());
  } else {
    const std::vector<double> scores = multilabel_quality_scores(input.source(), options);
    context.progress.erase();
    write_npy_float64(file, scores);
  }
}

}  // namespace

int run_score(Context& context, MultilabelInput& input) {
  const MultilabelIssues found = flag_multilabel_issues(context, input);
  if (context.settings.output.format == Format::kNpy) {
    write_scores(context, input, found);
  } else {
    write_result(context, input, found);
  }
  warn_about_multilabel_data(context, found.joint);
  say_written(context, summary_line(context, found, input));
  return kExitClean;
}

}  // namespace labelsieve::cli
