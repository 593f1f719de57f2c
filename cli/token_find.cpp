// labelsieve find --by token: the tokens whose labels are wrong, worst first.
#include "token_find.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "labelsieve/write.h"
#include "sentence_text.h"
#include "token_issues.h"

namespace labelsieve::cli {
namespace {

constexpr int kNarrowestSentence = 30;

std::vector<TableColumn> columns_of(const TokenInput& input) {
  return {{"rank", Align::kRight, Style::kDim},
          {"sentence", Align::kRight, Style::kPlain, true},
          {"token", Align::kRight, Style::kPlain, true},
          {"text", Align::kLeft, Style::kPlain, true},
          input.label_column("given_label", Style::kBad),
          input.label_column("suggested_label", Style::kGood),
          {"label_quality", Align::kRight},
          {"source_line", Align::kRight},
          sentence_column()};
}

void write_rows(const std::vector<Example>& issues, int64_t count, const TokenInput& input,
                RowWriter& rows) {
  SentenceText text(input);
  for (int64_t rank = 0; rank < count; ++rank) {
    const Example& example = issues[static_cast<size_t>(rank)];
    const TokenPosition position = input.sentences().position(example.index);
    const std::array<Cell, 9> cells = {
        rank + 1,
        position.sentence,
        position.token,
        input.word(example.index),
        input.label_cell(example.given_label),
        input.label_cell(example.suggested_label),
        example.label_quality,
        input.line(example.index),
        text.sentence(position.sentence, std::span(&position.token, 1))};
    rows.write(cells);
  }
}

std::string next_step(int64_t num_issues) {
  if (num_issues == 0) return std::string(kNextToNothing);
  return "Next: check these labels from the top; list those that are right in a file, each as "
         "SENTENCE:TOKEN, and leave them out with --ignore FILE.";
}

std::string share_line(const Issues& issues, int64_t listed, const TokenInput& input) {
  return found_line(
      {counted(issues.num_issues, "label issue", "label issues"), input.counted_units(),
       static_cast<double>(issues.num_issues) / static_cast<double>(input.num_examples()),
       fmt::format("{} and {}", input.counted_sentences(),
                   counted(input.num_classes(), "class", "classes")),
       issues.num_issues, listed, issues.num_flagged - issues.num_issues, expectation(issues)});
}

}  // namespace

TableColumn sentence_column() {
  return {"sentence_text", Align::kLeft, Style::kBad, false, kNarrowestSentence};
}

int64_t num_listed(const Context& context, int64_t num_issues) {
  return std::min(num_issues, context.settings.selection.top.value_or(num_issues));
}

std::string found_line(const Found& found) {
  std::string line = fmt::format("{} in {}", found.issues, found.among);
  if (found.rate) line += fmt::format(" ({:.2f} %)", 100 * *found.rate);
  line += " of " + found.of;
  line += found.expected;
  if (found.num_shown < found.num_left) {
    line += fmt::format("; the worst {} listed", found.num_shown);
  }
  if (found.num_out > 0) line += fmt::format("; {} more left out as asked", found.num_out);
  return line + ".";
}

int find_tokens(Context& context, TokenInput& input) {
  const bool is_mask = context.settings.output.format == Format::kNpy;
  const TokenChoice issues = choose_token_issues(context, input, !is_mask);
  context.progress.erase();
  warn_about_data(context, input, issues.found.joint);
  // The mask holds every issue, whatever --top says.
  const int64_t listed = is_mask ? issues.num_issues : num_listed(context, issues.num_issues);
  const std::string line = share_line(issues, listed, input);
  if (is_mask) {
    write_npy_bool(context.settings.output.file, issues.found.mask);
  } else {
    ListReport report{.key = "issues", .summary = input.summary(context.settings)};
    report.summary["num_flagged"] = issues.num_flagged;
    report.summary["num_issues"] = issues.num_issues;
    add_expectation(issues, report.summary);
    report.summary["num_listed"] = listed;
    report.columns = columns_of(input);
    report.num_rows = listed;
    report.write_rows = [&](RowWriter& rows) { write_rows(issues.ranked, listed, input, rows); };
    report.summary_line = line;
    report.next_step = next_step(issues.num_issues);
    write_list(context, report);
  }
  say_written(context, line);
  return exit_code(context, input, issues.num_issues);
}

}  // namespace labelsieve::cli
