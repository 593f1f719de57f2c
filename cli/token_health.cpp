#include "token_health.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "health.h"
#include "labelsieve/common_issues.h"
#include "token_issues.h"

namespace labelsieve::cli {
namespace {

constexpr size_t kRowsInTable = 10;

void write_words(std::span<const CommonWord> words, Output& output) {
  RowWriter rows(output, {{"text"},
                          {"num_issues", Align::kRight, Style::kBad},
                          {"num_tokens", Align::kRight},
                          {"rate", Align::kRight}});
  for (const CommonWord& word : words) {
    const std::array<Cell, 4> cells = {word.word, word.num_issues, word.num_tokens, word.rate};
    rows.write(cells);
  }
  rows.finish();
}

void write_word_pairs(std::span<const CommonWordPair> pairs, const TokenInput& input,
                      Output& output) {
  RowWriter rows(output, {{"text"},
                          input.label_column("given_label", Style::kBad),
                          input.label_column("suggested_label", Style::kGood),
                          {"num_issues", Align::kRight}});
  for (const CommonWordPair& pair : pairs) {
    const std::array<Cell, 4> cells = {pair.word, input.label_cell(pair.labels.given_label),
                                       input.label_cell(pair.labels.suggested_label),
                                       pair.num_issues};
    rows.write(cells);
  }
  rows.finish();
}

void write_pairs(std::span<const CommonPair> pairs, const TokenInput& input, Output& output) {
  RowWriter rows(output, {input.label_column("given_label", Style::kBad),
                          input.label_column("suggested_label", Style::kGood),
                          {"num_issues", Align::kRight},
                          {"num_given", Align::kRight},
                          {"rate", Align::kRight}});
  for (const CommonPair& pair : pairs) {
    const std::array<Cell, 5> cells = {input.label_cell(pair.labels.given_label),
                                       input.label_cell(pair.labels.suggested_label),
                                       pair.num_issues, pair.num_given, pair.rate};
    rows.write(cells);
  }
  rows.finish();
}

template <class T>
std::span<const T> first(const std::vector<T>& rows) {
  return std::span(rows).first(std::min(rows.size(), kRowsInTable));
}

void write_tables(const CommonIssues& common, const TokenInput& input, Output& output) {
  const auto title = [&](std::string_view text, size_t all) {
    const std::string listed =
        all > kRowsInTable ? fmt::format(" (the first {} of {})", kRowsInTable, all) : "";
    output.write(fmt::format("\n{}{}\n\n", text, listed));
  };
  if (common.words.empty()) return;
  title("Words wrong most often", common.words.size());
  write_words(first(common.words), output);
  title("Words with their labels", common.word_pairs.size());
  write_word_pairs(first(common.word_pairs), input, output);
  title("Labels wrong most often", common.pairs.size());
  write_pairs(first(common.pairs), input, output);
}

void write_json(const CommonIssues& common, const TokenInput& input, Output& output) {
  output.write(",\n\"common_words\":[");
  write_words(common.words, output);
  output.write("],\n\"common_word_pairs\":[");
  write_word_pairs(common.word_pairs, input, output);
  output.write("],\n\"common_pairs\":[");
  write_pairs(common.pairs, input, output);
  output.write("]");
}

}  // namespace

int run_token_health(Context& context, TokenInput& input) {
  const TokenChoice issues = choose_token_issues(context, input, true);
  const CommonIssues common = common_issues(positioned(issues.ranked, input.sentences()),
                                            input.words(), issues.found.joint.label_counts);
  return report_health(
      context, input, issues,
      {.write_tables = [&](Output& output) { write_tables(common, input, output); },
       .write_json = [&](Output& output) { write_json(common, input, output); }});
}

}  // namespace labelsieve::cli
