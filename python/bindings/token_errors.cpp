// Tokens with words, and spans: the automatic method, wrong spans, schemes of tags.
#include "labelsieve/token_errors.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

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
#include "tokens.h"
#include "views.h"

namespace labelsieve::python {
namespace {

using Strings = nb::typed<nb::list, nb::str>;

/// The text of strings of Python, in place for as long as the list holds them.
std::vector<std::string_view> texts(const Strings& strings) {
  std::vector<std::string_view> views;
  views.reserve(strings.size());
  for (const nb::handle string : strings) {
    Py_ssize_t size = 0;
    const char* const data = PyUnicode_AsUTF8AndSize(string.ptr(), &size);
    if (data == nullptr) throw nb::python_error();
    views.emplace_back(data, static_cast<size_t>(size));
  }
  return views;
}

/// The scheme by name, or as the labels show it. Describing all tokens is the one way to their
/// labels that all forms have.
TagSet tag_set(Tokens& tokens, const std::vector<std::string>& class_names,
               const std::optional<std::string>& scheme, const Execution& execution) {
  if (scheme) return {class_names, named(tag_scheme_from, *scheme, "scheme of tags")};
  ScoreOptions options;
  options.execution = execution;
  std::vector<int32_t> labels;
  for (const Example& token : describe_all_examples(tokens.form->source(), options)) {
    labels.push_back(token.given_label);
  }
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

/// (mask, flagged tokens in order, span issues, label quality of tokens, of sentences, expected
/// errors, scheme). None where the tags have no spans or there is no word for each token.
using Errors = std::tuple<Array<bool>, ExampleColumns, std::vector<SpanRow>, Array<double>,
                          Array<double>, double, std::string>;

std::optional<Errors> token_errors(Tokens& tokens, const Strings& words,
                                   const std::vector<std::string>& class_names,
                                   const std::optional<std::string>& scheme, nb::handle documents,
                                   std::optional<double> base_rate_exponent, int num_threads) {
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
    options.execution = execution;
    found =
        find_token_errors(tokens.form->source(), tokens.form->sentences(), *tags, context, options);
    return 0;
  });
  if (!found) return {};
  return Errors{to_mask(std::move(found->mask)),
                example_columns(examples_of(found->issues)),
                span_rows(found->spans, *tags),
                to_array(std::move(found->label_quality)),
                to_array(std::move(found->sentence_quality)),
                found->expected_errors,
                std::string(to_string(tags->scheme()))};
}

/// (span issues, mask of the flagged tokens, scheme).
std::tuple<std::vector<SpanRow>, Array<bool>, std::string> span_issues(
    Tokens& tokens, const std::vector<std::string>& class_names,
    const std::optional<std::string>& scheme, const IssueOptions& wanted,
    std::string_view sentence_method, double temperature, double threshold, int num_threads) {
  SpanOptions options;
  options.pooling.method = named(sentence_method_from, sentence_method, "sentence score");
  options.pooling.temperature = temperature;
  options.pooling.threshold = threshold;
  std::optional<TagSet> tags;
  SpanIssues found = call(num_threads, [&](const Execution& execution) {
    tags = tag_set(tokens, class_names, scheme, execution);
    const IssueOptions ready = wanted.with(execution);
    options.filter = ready.filter;
    options.score = ready.score;
    return find_span_issues(tokens.form->source(), tokens.form->sentences(), *tags, options);
  });
  return {span_rows(found.issues, *tags), to_mask(std::move(found.tokens.mask)),
          std::string(to_string(tags->scheme()))};
}

}  // namespace

void bind_token_errors(nb::module_& m) {
  m.def("find_token_errors", &token_errors, nb::arg("tokens"), nb::arg("words"),
        nb::arg("class_names"), nb::arg("scheme").none(), nb::arg("documents").none(),
        nb::arg("base_rate_exponent").none(), nb::arg("num_threads") = 0);
  m.def("find_span_issues", &span_issues, nb::arg("tokens"), nb::arg("class_names"),
        nb::arg("scheme").none(), nb::arg("options"), nb::arg("sentence_method"),
        nb::arg("temperature"), nb::arg("threshold"), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
