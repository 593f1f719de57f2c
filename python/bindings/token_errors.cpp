// Tokens with words, and spans: the automatic method, wrong spans, schemes of tags.
#include "labelsieve/token_errors.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "issue_options.h"
#include "labelsieve/names.h"
#include "options.h"
#include "token_context.h"
#include "tokens.h"
#include "views.h"

namespace labelsieve::python {
namespace {

/// The scheme by name, or as the labels show it.
TagSet tag_set(Tokens& tokens, const std::vector<std::string>& class_names,
               const std::optional<std::string>& scheme, const Execution& execution) {
  if (scheme) return {class_names, named(tag_scheme_from, *scheme, "scheme of tags")};
  const std::vector<int32_t> labels = labels_of(tokens, execution);
  LabelsView view{std::span<const int32_t>(labels)};
  view.ignore_label = -1;
  return {class_names, detect_tag_scheme(class_names, view, tokens.form->sentences())};
}

using Place = std::optional<int64_t>;

/// A span: (start, end, type), each None where there is none.
using SpanCells = std::tuple<Place, Place, std::optional<std::string>>;

SpanCells span_cells(const std::optional<Span>& span, const TagSet& tags) {
  if (!span) return {};
  return {span->start, span->end, tags.types()[static_cast<size_t>(span->type)]};
}

/// (sentence, issue type, given span, suggested span, label quality, start, end).
using SpanRow = std::tuple<int64_t, std::string, SpanCells, SpanCells, double, int64_t, int64_t>;

std::vector<SpanRow> span_rows(const std::vector<SpanIssue>& issues, const TagSet& tags) {
  std::vector<SpanRow> rows;
  rows.reserve(issues.size());
  for (const SpanIssue& issue : issues) {
    rows.emplace_back(issue.sentence, to_string(issue.type), span_cells(issue.given, tags),
                      span_cells(issue.suggested, tags), issue.label_quality, issue.start,
                      issue.end);
  }
  return rows;
}

std::vector<Example> examples_of(const std::vector<TokenIssue>& issues) {
  std::vector<Example> examples;
  examples.reserve(issues.size());
  for (const TokenIssue& issue : issues) examples.push_back(issue.example);
  return examples;
}

/// (findings, flagged tokens in order, span issues, label quality of tokens, of sentences, expected
/// errors, scheme). None where the tags have no spans or there is no word for each token.
using Errors = std::tuple<std::unique_ptr<Findings>, ExampleColumns, std::vector<SpanRow>,
                          Array<double>, Array<double>, double, std::string>;

std::optional<Errors> token_errors(Tokens& tokens, const Strings& words,
                                   const std::vector<std::string>& class_names,
                                   const std::optional<std::string>& scheme, nb::handle documents,
                                   std::optional<double> base_rate_exponent, bool list_issues,
                                   int num_threads) {
  const std::vector<std::string_view> views = texts(words);
  std::vector<int64_t> numbers;
  if (!documents.is_none()) numbers = integers(documents);
  const TokenContext context{.words = views, .documents = numbers};
  std::optional<TagSet> tags;
  std::optional<TokenErrors> found;
  call(num_threads, [&](const Execution& execution) {
    tags = tag_set(tokens, class_names, scheme, execution);
    if (!has_token_context(*tags, context, tokens.form->sentences().num_tokens())) return 0;
    TokenErrorOptions options;
    options.base_rate_exponent = base_rate_exponent;
    options.list_issues = list_issues;
    options.execution = execution;
    found =
        find_token_errors(tokens.form->source(), tokens.form->sentences(), *tags, context, options);
    return 0;
  });
  if (!found) return {};
  auto findings = std::make_unique<Findings>();
  findings->found.mask = std::move(found->mask);
  findings->found.num_issues = found->num_issues;
  findings->found.joint = std::move(found->joint);
  return Errors{std::move(findings),
                example_columns(examples_of(found->issues)),
                span_rows(found->spans, *tags),
                to_array(std::move(found->label_quality)),
                to_array(std::move(found->sentence_quality)),
                found->expected_errors,
                std::string(to_string(tags->scheme()))};
}

/// (span issues, findings of tokens, scheme).
std::tuple<std::vector<SpanRow>, std::unique_ptr<Findings>, std::string> span_issues(
    Tokens& tokens, const std::vector<std::string>& class_names,
    const std::optional<std::string>& scheme, const IssueOptions& wanted,
    std::string_view sentence_method, double temperature, double threshold, int num_threads) {
  SpanOptions options;
  options.pooling = pooling_options(sentence_method, temperature, threshold);
  std::optional<TagSet> tags;
  SpanIssues found = call(num_threads, [&](const Execution& execution) {
    tags = tag_set(tokens, class_names, scheme, execution);
    const IssueOptions ready = wanted.with(execution);
    options.filter = ready.filter;
    options.score = ready.score;
    return find_span_issues(tokens.form->source(), tokens.form->sentences(), *tags, options);
  });
  auto findings = std::make_unique<Findings>(Findings{std::move(found.tokens)});
  return {span_rows(found.issues, *tags), std::move(findings),
          std::string(to_string(tags->scheme()))};
}

/// Every given span: (sentence, start, end, type, label quality).
using GivenSpan = std::tuple<int64_t, int64_t, int64_t, std::string, double>;

/// (given spans in their order, scheme).
std::pair<std::vector<GivenSpan>, std::string> given_spans(
    Tokens& tokens, const std::vector<std::string>& class_names,
    const std::optional<std::string>& scheme, nb::handle scores, std::string_view sentence_method,
    double temperature, double threshold, int num_threads) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  const SentenceScoreOptions pooling = pooling_options(sentence_method, temperature, threshold);
  std::optional<TagSet> tags;
  std::vector<GivenSpan> rows;
  call(num_threads, [&](const Execution& execution) {
    tags = tag_set(tokens, class_names, scheme, execution);
    const std::vector<int32_t> labels = labels_of(tokens, execution);
    LabelsView view{std::span<const int32_t>(labels)};
    view.ignore_label = -1;
    for (const ScoredSpan& scored :
         score_spans(*tags, view, tokens.form->sentences(), values, pooling)) {
      rows.emplace_back(scored.sentence, scored.span.start, scored.span.end,
                        tags->types()[static_cast<size_t>(scored.span.type)], scored.label_quality);
    }
    return 0;
  });
  return {std::move(rows), std::string(to_string(tags->scheme()))};
}

}  // namespace

void bind_token_errors(nb::module_& m) {
  m.def("find_token_errors", &token_errors, nb::arg("tokens"), nb::arg("words"),
        nb::arg("class_names"), nb::arg("scheme").none(), nb::arg("documents").none(),
        nb::arg("base_rate_exponent").none(), nb::arg("list_issues") = true,
        nb::arg("num_threads") = 0);
  m.def("find_span_issues", &span_issues, nb::arg("tokens"), nb::arg("class_names"),
        nb::arg("scheme").none(), nb::arg("options"), nb::arg("sentence_method"),
        nb::arg("temperature"), nb::arg("threshold"), nb::arg("num_threads") = 0);
  m.def("score_spans", &given_spans, nb::arg("tokens"), nb::arg("class_names"),
        nb::arg("scheme").none(), nb::arg("scores"), nb::arg("sentence_method"),
        nb::arg("temperature"), nb::arg("threshold"), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
