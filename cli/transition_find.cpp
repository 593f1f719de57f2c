// labelsieve find --by transition: tags that their scheme does not allow, in the file's order.
#include <fmt/format.h>

#include <array>

#include "labelsieve/names.h"
#include "labelsieve/write.h"
#include "selection.h"
#include "sentence_text.h"
#include "token_find.h"
#include "token_issues.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

std::vector<TableColumn> columns_of(const TokenInput& input) {
  return {{"rank", Align::kRight, Style::kDim, true},
          {"sentence", Align::kRight, Style::kPlain, true},
          {"token", Align::kRight, Style::kPlain, true},
          {"text", Align::kLeft, Style::kPlain, true},
          {"issue_type", Align::kLeft, Style::kPlain, false, 14},
          input.label_column("given_label", Style::kBad),
          input.label_column("suggested_label", Style::kGood),
          {"source_file"},
          {"source_line", Align::kRight},
          sentence_column()};
}

/// --class, --exclude, --word and --ignore; scores there are none.
std::vector<TagIssue> selected(const Context& context, const TokenInput& input) {
  Selection selection = context.settings.selection;
  selection.threshold.reset();
  const ExampleSelector selector(selection, input);
  const std::vector<uint8_t> words = wanted_words(context, input);
  const IgnoredTokens ignored = read_ignored_tokens(context, input);
  std::vector<TagIssue> issues;
  for (const TagIssue& issue : input.illegal_tags()) {
    const auto at = static_cast<size_t>(input.sentences().index(issue.position));
    Example example;
    example.given_label = issue.given_label;
    example.suggested_label = issue.suggested_label;
    if (!selector.keeps(example) || (!words.empty() && words[at] == 0)) continue;
    if (!ignored.tokens.empty() && ignored.tokens[at] != 0) continue;
    issues.push_back(issue);
  }
  return issues;
}

void write_rows(const std::vector<TagIssue>& issues, int64_t count, const TokenInput& input,
                RowWriter& rows) {
  SentenceText text(input);
  for (int64_t rank = 0; rank < count; ++rank) {
    const TagIssue& issue = issues[static_cast<size_t>(rank)];
    const int64_t index = input.sentences().index(issue.position);
    const std::array<Cell, 10> cells = {
        rank + 1,
        issue.position.sentence,
        issue.position.token,
        input.word(index),
        to_string(issue.fault),
        input.label_cell(issue.given_label),
        input.label_cell(issue.suggested_label),
        std::string_view(input.dataset().labels_file),
        input.line(index),
        text.sentence(issue.position.sentence, std::span(&issue.position.token, 1))};
    rows.write(cells);
  }
}

void write_mask(const Context& context, const std::vector<TagIssue>& issues,
                const Sentences& sentences) {
  std::vector<uint8_t> mask(static_cast<size_t>(sentences.num_tokens()));
  for (const TagIssue& issue : issues)
    mask[static_cast<size_t>(sentences.index(issue.position))] = 1;
  write_npy_bool(context.settings.output.file, mask);
}

}  // namespace

int find_transitions(Context& context, TokenInput& input) {
  if (context.settings.selection.threshold) {
    refuse_value("--threshold", "transitions have no label quality");
  }
  const std::vector<TagIssue> issues = selected(context, input);
  const auto num_issues = static_cast<int64_t>(issues.size());
  const bool is_mask = context.settings.output.format == Format::kNpy;
  const int64_t listed = is_mask ? num_issues : num_listed(context, num_issues);
  const Count found{num_issues, counted(num_issues, "illegal transition", "illegal transitions")};
  const std::string line = found_line(
      {found.text, input.counted_units(),
       static_cast<double>(num_issues) / static_cast<double>(input.num_examples()),
       fmt::format("{}, tags {}", input.counted_sentences(), input.scheme_text()), num_issues,
       listed, static_cast<int64_t>(input.illegal_tags().size()) - num_issues});
  if (is_mask) {
    write_mask(context, issues, input.sentences());
  } else {
    ListReport report{.key = "issues", .summary = input.summary(context.settings)};
    report.summary["num_issues"] = num_issues;
    report.summary["num_listed"] = listed;
    report.columns = columns_of(input);
    report.num_rows = listed;
    report.write_rows = [&](RowWriter& rows) { write_rows(issues, listed, input, rows); };
    report.summary_line = line;
    report.next_step = num_issues > 0 ? "Next: correct these lines of the file, or name another "
                                        "scheme with --scheme."
                                      : "Next: labelsieve find lists the labels that are wrong.";
    write_list(context, report);
  }
  say_written(context, line);
  return exit_code(context, found, {input.num_examples(), input.counted_units()});
}

}  // namespace labelsieve::cli
