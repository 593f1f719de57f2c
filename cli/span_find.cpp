// labelsieve find --by span: spans that are missing, spurious, or of another type or place.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "labelsieve/names.h"
#include "labelsieve/read.h"
#include "labelsieve/span_classification.h"
#include "labelsieve/write.h"
#include "selection.h"
#include "sentence_text.h"
#include "token_find.h"
#include "token_issues.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

/// --class, --exclude and the like, where labels are the types of spans and O is none.
class SpanSelector {
 public:
  SpanSelector(const Context& context, const TokenInput& input)
      : selection_(context.settings.selection),
        sentences_(input.sentences()),
        words_(wanted_words(context, input)),
        ignored_(read_ignored_tokens(context, input)) {
    const std::vector<std::string>& types = input.tags().types();
    const auto find_type = [&](std::string_view name) -> int64_t {
      const auto found = std::find(types.begin(), types.end(), name);
      if (found != types.end()) return found - types.begin() + 1;
      return name == "O" ? 0 : -1;
    };
    std::string there_are = "the types are ";
    for (const std::string& type : types) there_are += type + ", ";
    there_are += "and O for no span";
    for (const std::string& name : selection_.given_classes) {
      given_.push_back(find_type(name));
      if (given_.back() < 0) {
        refuse_value("--class",
                     fmt::format("no type of spans is named \"{}\"; {}", name, there_are));
      }
    }
    for (const std::string& pair : selection_.excluded_pairs) {
      excluded_.push_back(parse_pair(pair, find_type, there_are));
    }
  }

  bool keeps(const SpanIssue& issue) const {
    const std::pair<int64_t, int64_t> pair(number_of(issue.given), number_of(issue.suggested));
    if (!given_.empty() && std::find(given_.begin(), given_.end(), pair.first) == given_.end()) {
      return false;
    }
    if (std::find(excluded_.begin(), excluded_.end(), pair) != excluded_.end()) return false;
    if (selection_.threshold && !(issue.label_quality < *selection_.threshold)) return false;
    return (words_.empty() || any(words_, issue)) &&
           (ignored_.tokens.empty() || !any(ignored_.tokens, issue));
  }

 private:
  /// No span is 0, the types follow.
  static int64_t number_of(const std::optional<Span>& span) { return span ? span->type + 1 : 0; }

  bool any(const std::vector<uint8_t>& flags, const SpanIssue& issue) const {
    const auto start = flags.begin() + sentences_.start(issue.sentence);
    return std::find(start + issue.start, start + issue.end, uint8_t{1}) != start + issue.end;
  }

  const Selection& selection_;
  const Sentences& sentences_;
  std::vector<uint8_t> words_;
  IgnoredTokens ignored_;
  std::vector<int64_t> given_;
  std::vector<std::pair<int64_t, int64_t>> excluded_;
};

SpanOptions span_options(const Context& context, const TokenInput& input) {
  const Settings& settings = context.settings;
  SpanOptions options{
      .filter = settings.filter, .score = settings.score, .pooling = settings.tokens.pooling};
  if (scores_by_words(settings, input)) options.score = {};  // score_anew() follows
  options.filter.execution = context.execution();
  if (!settings.joint_file.empty()) {
    options.filter.confident_joint = read_joint(settings.joint_file, input.num_classes());
  }
  return options;
}

/// Gives the issues the quality that these token scores say, and their order by it.
void score_anew(const std::vector<double>& scores, const TokenInput& input,
                const SentenceScoreOptions& pooling, std::vector<SpanIssue>& issues) {
  for (SpanIssue& issue : issues) {
    const int64_t first = input.sentences().start(issue.sentence) + issue.start;
    issue.label_quality =
        pooled_score(std::span(scores).subspan(static_cast<size_t>(first),
                                               static_cast<size_t>(issue.end - issue.start)),
                     pooling);
  }
  const bool is_count = pooling.method == SentenceMethod::kExpectedErrors;
  std::stable_sort(issues.begin(), issues.end(), [&](const SpanIssue& a, const SpanIssue& b) {
    const double first = is_count ? b.label_quality : a.label_quality;
    const double second = is_count ? a.label_quality : b.label_quality;
    return std::tie(first, a.sentence, a.start) < std::tie(second, b.sentence, b.start);
  });
}

/// The wrong spans by the filter and the scores of the settings.
struct FoundSpans {
  TokenChoice tokens;
  std::vector<SpanIssue> issues;
};

FoundSpans find_spans_of(const Context& context, TokenInput& input) {
  const Settings& settings = context.settings;
  const bool flags = flags_by_words(settings, input);
  FoundSpans spans;
  TokenChoice& tokens = spans.tokens;
  if (flags || scores_by_words(settings, input)) tokens.judged = judge_by_words(context, input);
  if (flags) {
    tokens.found = flagged_by_words(*tokens.judged);
    tokens.num_expected = tokens.judged->expected_errors;
    spans.issues = tokens.judged->spans;
  } else {
    SpanIssues found = find_span_issues(input.source(), input.sentences(), input.tags(),
                                        span_options(context, input));
    tokens.found = std::move(found.tokens);
    spans.issues = std::move(found.issues);
  }
  if (tokens.judged) {
    score_anew(score_tokens_of(context, input, tokens), input, settings.tokens.pooling,
               spans.issues);
  }
  return spans;
}

std::vector<TableColumn> span_issue_columns() {
  constexpr auto kNumber = [](std::string_view title) {
    return TableColumn{std::string(title), Align::kRight, Style::kPlain, true};
  };
  return {{"rank", Align::kRight, Style::kDim},
          kNumber("sentence"),
          {"issue_type", Align::kLeft, Style::kPlain, false, 14},
          kNumber("given_start"),
          kNumber("given_end"),
          {"given_type", Align::kLeft, Style::kBad},
          kNumber("suggested_start"),
          kNumber("suggested_end"),
          {"suggested_type", Align::kLeft, Style::kGood},
          {"label_quality", Align::kRight},
          {"text", Align::kLeft, Style::kBad, false, 30},
          {"source_line", Align::kRight}};
}

constexpr std::string_view kLegend =
    "Given spans are in [brackets], suggested ones in {braces} where they have other tokens.";

Cell start_cell(const std::optional<Span>& span) {
  return span ? Cell(span->start) : Cell(std::monostate{});
}

Cell end_cell(const std::optional<Span>& span) {
  return span ? Cell(span->end) : Cell(std::monostate{});
}

Cell type_cell(const std::optional<Span>& span, const TokenInput& input) {
  return span ? input.type_cell(span->type) : Cell(std::monostate{});
}

void write_rows(const std::vector<SpanIssue>& issues, int64_t count, const TokenInput& input,
                RowWriter& rows) {
  SentenceText text(input);
  for (int64_t rank = 0; rank < count; ++rank) {
    const SpanIssue& issue = issues[static_cast<size_t>(rank)];
    const int64_t first = input.sentences().start(issue.sentence) + issue.start;
    const std::array<Cell, 12> cells = {rank + 1,
                                        issue.sentence,
                                        to_string(issue.type),
                                        start_cell(issue.given),
                                        end_cell(issue.given),
                                        type_cell(issue.given, input),
                                        start_cell(issue.suggested),
                                        end_cell(issue.suggested),
                                        type_cell(issue.suggested, input),
                                        issue.label_quality,
                                        text.span(issue.sentence, issue.given, issue.suggested),
                                        input.line(first)};
    rows.write(cells);
  }
}

/// The tokens of all issues.
void write_mask(const Context& context, const std::vector<SpanIssue>& issues,
                const Sentences& sentences) {
  std::vector<uint8_t> mask(static_cast<size_t>(sentences.num_tokens()));
  for (const SpanIssue& issue : issues) {
    const auto start = mask.begin() + sentences.start(issue.sentence);
    std::fill(start + issue.start, start + issue.end, uint8_t{1});
  }
  write_npy_bool(context.settings.output.file, mask);
}

}  // namespace

int find_spans(Context& context, TokenInput& input) {
  const SpanSelector selector(context, input);
  FoundSpans found = find_spans_of(context, input);
  context.progress.erase();
  warn_about_data(context, input, found.tokens.found.joint);
  const auto num_flagged = static_cast<int64_t>(found.issues.size());
  std::erase_if(found.issues, [&](const SpanIssue& issue) { return !selector.keeps(issue); });
  const auto num_issues = static_cast<int64_t>(found.issues.size());
  const bool is_mask = context.settings.output.format == Format::kNpy;
  const int64_t listed = is_mask ? num_issues : num_listed(context, num_issues);
  const Count issues{num_issues, counted(num_issues, "span issue", "span issues")};
  const auto num_given = static_cast<int64_t>(input.given_spans().size());
  const Count all{num_given, counted(num_given, "given span", "given spans")};
  std::optional<double> rate;
  if (num_given > 0) rate = static_cast<double>(num_issues) / static_cast<double>(num_given);
  const std::string line =
      found_line({issues.text, all.text, rate,
                  fmt::format("{}, tags {}", input.counted_sentences(), input.scheme_text()),
                  num_issues, listed, num_flagged - num_issues, expected_labels(found.tokens)});
  if (is_mask) {
    write_mask(context, found.issues, input.sentences());
  } else {
    ListReport report{.key = "issues", .summary = input.summary(context.settings)};
    report.summary["num_flagged"] = num_flagged;
    report.summary["num_issues"] = num_issues;
    add_expectation(found.tokens, report.summary);
    report.summary["num_listed"] = listed;
    report.summary["num_given_spans"] = num_given;
    report.columns = span_issue_columns();
    report.num_rows = listed;
    report.write_rows = [&](RowWriter& rows) { write_rows(found.issues, listed, input, rows); };
    report.summary_line = line;
    report.next_step = num_issues == 0 ? kNextToNothing : kLegend;
    write_list(context, report);
  }
  say_written(context, line);
  return exit_code(context, issues, all);
}

}  // namespace labelsieve::cli
