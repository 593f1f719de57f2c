// labelsieve score on tokens: every token, sentence or given span, in the order of the file.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <limits>

#include "labelsieve/span_classification.h"
#include "labelsieve/write.h"
#include "sentence_text.h"
#include "token_find.h"
#include "token_issues.h"

namespace labelsieve::cli {
namespace {

std::vector<TableColumn> token_columns(const TokenInput& input) {
  return {{"sentence", Align::kRight},
          {"token", Align::kRight},
          {"text"},
          input.label_column("given_label"),
          input.label_column("suggested_label"),
          {"label_quality", Align::kRight},
          {"is_label_issue", Align::kLeft, Style::kBad},
          {"source_line", Align::kRight}};
}

void write_tokens(const std::vector<Example>& examples, const std::vector<uint8_t>& mask,
                  const TokenInput& input, RowWriter& rows) {
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  const Sentences& sentences = input.sentences();
  for (int64_t s = 0; s < sentences.size(); ++s) {
    for (int64_t index = sentences.start(s); index < sentences.end(s); ++index) {
      const Example& example = examples[static_cast<size_t>(index)];
      const bool is_skipped = example.given_label < 0;
      const std::array<Cell, 8> cells = {
          s,
          index - sentences.start(s),
          input.word(index),
          input.label_cell(example.given_label),
          input.label_cell(is_skipped ? -1 : example.suggested_label),
          is_skipped ? kNone : example.label_quality,
          mask[static_cast<size_t>(index)] != 0,
          input.line(index)};
      rows.write(cells);
    }
  }
}

std::vector<TableColumn> sentence_columns() {
  return {{"sentence", Align::kRight},    {"num_tokens", Align::kRight},
          {"num_issues", Align::kRight},  {"label_quality", Align::kRight},
          {"source_line", Align::kRight}, sentence_column()};
}

void write_sentences(const std::vector<double>& scores, const std::vector<uint8_t>& mask,
                     const TokenInput& input, RowWriter& rows) {
  SentenceText text(input);
  const Sentences& sentences = input.sentences();
  for (int64_t s = 0; s < sentences.size(); ++s) {
    std::vector<int64_t> marked;
    for (int64_t token = 0; token < sentences.length(s); ++token) {
      if (mask[static_cast<size_t>(sentences.start(s) + token)] != 0) marked.push_back(token);
    }
    const std::array<Cell, 6> cells = {
        s,
        sentences.length(s),
        static_cast<int64_t>(marked.size()),
        scores[static_cast<size_t>(s)],
        sentences.length(s) > 0 ? input.line(sentences.start(s)) : Cell(std::monostate{}),
        text.sentence(s, marked)};
    rows.write(cells);
  }
}

std::vector<TableColumn> span_columns() {
  return {{"sentence", Align::kRight},      {"start", Align::kRight},
          {"end", Align::kRight},           {"type"},
          {"label_quality", Align::kRight}, {"text"},
          {"source_line", Align::kRight}};
}

void write_spans(const std::vector<ScoredSpan>& spans, const TokenInput& input, RowWriter& rows) {
  SentenceText text(input);
  for (const ScoredSpan& scored : spans) {
    const std::array<Cell, 7> cells = {
        scored.sentence,
        scored.span.start,
        scored.span.end,
        input.type_cell(scored.span.type),
        scored.label_quality,
        text.words(scored.sentence, scored.span.start, scored.span.end),
        input.line(input.sentences().start(scored.sentence) + scored.span.start)};
    rows.write(cells);
  }
}

void write_scores(Context& context, const TokenInput& input, ListReport report,
                  const std::vector<double>& scores, const Issues& issues) {
  context.progress.erase();
  report.summary_line =
      fmt::format("{}, {} among the tokens{}.", report.summary_line,
                  counted(issues.num_issues, "label issue", "label issues"), expectation(issues));
  if (context.settings.output.format == Format::kNpy) {
    write_npy_float64(context.settings.output.file, scores);
  } else {
    report.summary = input.summary(context.settings);
    report.summary["num_issues"] = issues.num_issues;
    add_expectation(issues, report.summary);
    write_list(context, report);
  }
  say_written(context, report.summary_line);
}

}  // namespace

int score_tokens(Context& context, TokenInput& input) {
  const TokenChoice issues = choose_token_issues(context, input, false);
  std::vector<double> scores;
  std::vector<Example> examples;
  if (context.settings.output.format == Format::kNpy) {
    scores = score_tokens_of(context, input, issues);
  } else {
    examples = describe_tokens(context, input, issues);
  }
  warn_about_data(context, input, issues.found.joint);
  write_scores(
      context, input,
      {.key = "tokens",
       .columns = token_columns(input),
       .num_rows = input.num_rows(),
       .write_rows =
           [&](RowWriter& rows) { write_tokens(examples, issues.found.mask, input, rows); },
       .summary_line = input.counted_units() + " scored",
       .next_step = "Next: labelsieve find lists the issues, worst first."},
      scores, issues);
  return kExitClean;
}

int score_sentences(Context& context, TokenInput& input) {
  const TokenChoice issues = choose_token_issues(context, input, false);
  const std::vector<double> scores = score_sentences_of(context, input, issues);
  warn_about_data(context, input, issues.found.joint);
  write_scores(
      context, input,
      {.key = "sentences",
       .columns = sentence_columns(),
       .num_rows = input.sentences().size(),
       .write_rows =
           [&](RowWriter& rows) { write_sentences(scores, issues.found.mask, input, rows); },
       .summary_line = input.counted_sentences() + " scored",
       .next_step = "Next: labelsieve find --by sentence lists the worst first."},
      scores, issues);
  return kExitClean;
}

int score_spans_of(Context& context, TokenInput& input) {
  const TokenChoice issues = choose_token_issues(context, input, false);
  const std::vector<ScoredSpan> spans =
      score_spans(input.tags(), input.dataset().labels, input.sentences(),
                  score_tokens_of(context, input, issues), context.settings.tokens.pooling);
  std::vector<double> scores(spans.size());
  std::transform(spans.begin(), spans.end(), scores.begin(),
                 [](const ScoredSpan& scored) { return scored.label_quality; });
  warn_about_data(context, input, issues.found.joint);
  const auto count = static_cast<int64_t>(spans.size());
  write_scores(context, input,
               {.key = "spans",
                .columns = span_columns(),
                .num_rows = count,
                .write_rows = [&](RowWriter& rows) { write_spans(spans, input, rows); },
                .summary_line = counted(count, "given span", "given spans") + " scored",
                .next_step = "Next: labelsieve find --by span lists the wrong ones."},
               scores, issues);
  return kExitClean;
}

}  // namespace labelsieve::cli
