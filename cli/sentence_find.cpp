// labelsieve find --by sentence: sentences with wrong labels, worst first.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "labelsieve/write.h"
#include "sentence_text.h"
#include "token_find.h"
#include "token_issues.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

struct SentenceIssues {
  TokenChoice tokens;
  std::vector<double> scores;   // S
  std::vector<int64_t> ranked;  // sentences, worst first
  int64_t num_flagged = 0;      // before --threshold and --ignore
};

/// --below takes whole sentences; what chooses tokens means nothing beside it.
void check_options(const Settings& settings) {
  if (!settings.tokens.below) return;
  const auto refuse = [](std::string_view name) {
    refuse_value(name,
                 "chooses tokens, and --below with --by sentence whole sentences: leave one "
                 "of them out");
  };
  if (!settings.selection.given_classes.empty()) refuse("--class");
  if (!settings.selection.excluded_pairs.empty()) refuse("--exclude");
  if (!settings.tokens.words.empty()) refuse("--word");
}

/// The issues of tokens inside: whatever is said of scores here is said of sentences.
TokenChoice choose_tokens(Context& context, TokenInput& input) {
  const std::optional<double> threshold = std::exchange(context.settings.selection.threshold, {});
  const std::optional<double> below = std::exchange(context.settings.tokens.below, {});
  TokenChoice issues = choose_token_issues(context, input, false);
  context.settings.selection.threshold = threshold;
  context.settings.tokens.below = below;
  return issues;
}

int64_t num_issues_of(const TokenInput& input, const Issues& tokens, int64_t sentence) {
  const auto begin = tokens.found.mask.begin();
  return std::count(begin + input.sentences().start(sentence),
                    begin + input.sentences().end(sentence), uint8_t{1});
}

SentenceIssues choose(Context& context, TokenInput& input) {
  const Settings& settings = context.settings;
  check_options(settings);
  const IgnoredTokens ignored = read_ignored_tokens(context, input);
  SentenceIssues issues;
  issues.tokens = choose_tokens(context, input);
  issues.scores = score_sentences_of(context, input, issues.tokens);
  const auto is_issue = [&](int64_t sentence) {
    if (settings.tokens.below) {
      return issues.scores[static_cast<size_t>(sentence)] < *settings.tokens.below;
    }
    return num_issues_of(input, issues.tokens, sentence) > 0;
  };
  const auto is_left_out = [&](int64_t sentence) {
    const auto at = static_cast<size_t>(sentence);
    if (!ignored.sentences.empty() && ignored.sentences[at] != 0) return true;
    return settings.selection.threshold && !(issues.scores[at] < *settings.selection.threshold);
  };
  issues.ranked = order_sentences(issues.scores, settings.tokens.pooling.method);
  std::erase_if(issues.ranked, [&](int64_t sentence) { return !is_issue(sentence); });
  issues.num_flagged = static_cast<int64_t>(issues.ranked.size());
  std::erase_if(issues.ranked, is_left_out);
  return issues;
}

std::vector<TableColumn> sentence_issue_columns() {
  return {{"rank", Align::kRight, Style::kDim},
          {"sentence", Align::kRight},
          {"num_tokens", Align::kRight},
          {"num_issues", Align::kRight},
          {"label_quality", Align::kRight},
          {"source_line", Align::kRight},
          sentence_column()};
}

void write_rows(const SentenceIssues& issues, int64_t count, const TokenInput& input,
                RowWriter& rows) {
  SentenceText text(input);
  std::vector<int64_t> marked;
  for (int64_t rank = 0; rank < count; ++rank) {
    const int64_t sentence = issues.ranked[static_cast<size_t>(rank)];
    const int64_t start = input.sentences().start(sentence);
    const int64_t length = input.sentences().length(sentence);
    marked.clear();
    for (int64_t token = 0; token < length; ++token) {
      if (issues.tokens.found.mask[static_cast<size_t>(start + token)] != 0) {
        marked.push_back(token);
      }
    }
    const std::array<Cell, 7> cells = {rank + 1,
                                       sentence,
                                       length,
                                       static_cast<int64_t>(marked.size()),
                                       issues.scores[static_cast<size_t>(sentence)],
                                       length > 0 ? input.line(start) : Cell(std::monostate{}),
                                       text.sentence(sentence, marked)};
    rows.write(cells);
  }
}

void write_mask(const Context& context, const std::vector<int64_t>& ranked, int64_t size) {
  std::vector<uint8_t> mask(static_cast<size_t>(size));
  for (const int64_t sentence : ranked) mask[static_cast<size_t>(sentence)] = 1;
  write_npy_bool(context.settings.output.file, mask);
}

}  // namespace

int find_sentences(Context& context, TokenInput& input) {
  const SentenceIssues issues = choose(context, input);
  context.progress.erase();
  warn_about_data(context, input, issues.tokens.found.joint);
  const auto num_issues = static_cast<int64_t>(issues.ranked.size());
  const int64_t num_sentences = input.sentences().size();
  const bool is_mask = context.settings.output.format == Format::kNpy;
  const int64_t listed = is_mask ? num_issues : num_listed(context, num_issues);
  // Nobody chose tokens where --below chose sentences.
  const std::string expected =
      context.settings.tokens.below ? std::string() : expected_labels(issues.tokens);
  const Count found{num_issues,
                    counted(num_issues, "sentence with issues", "sentences with issues")};
  const std::string line =
      found_line({found.text, input.counted_sentences(),
                  static_cast<double>(num_issues) / static_cast<double>(num_sentences),
                  fmt::format("{} and {}", input.counted_units(),
                              counted(input.num_classes(), "class", "classes")),
                  num_issues, listed, issues.num_flagged - num_issues, expected});
  if (is_mask) {
    write_mask(context, issues.ranked, num_sentences);
  } else {
    ListReport report{.key = "issues", .summary = input.summary(context.settings)};
    report.summary["num_flagged"] = issues.num_flagged;
    report.summary["num_issues"] = num_issues;
    if (!expected.empty()) add_expectation(issues.tokens, report.summary);
    report.summary["num_listed"] = listed;
    report.columns = sentence_issue_columns();
    report.num_rows = listed;
    report.write_rows = [&](RowWriter& rows) { write_rows(issues, listed, input, rows); };
    report.summary_line = line;
    report.next_step = num_issues == 0
                           ? kNextToNothing
                           : "Next: labelsieve find --by token lists the labels one by one.";
    write_list(context, report);
  }
  say_written(context, line);
  return exit_code(context, found, {num_sentences, input.counted_sentences()});
}

}  // namespace labelsieve::cli
