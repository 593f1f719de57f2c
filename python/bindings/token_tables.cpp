// What is wrong most often in a corpus, and scores of ranges of tokens.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/common_issues.h"
#include "labelsieve/error.h"
#include "labelsieve/names.h"
#include "options.h"
#include "results.h"
#include "token_context.h"
#include "views.h"

namespace labelsieve::python {

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

std::vector<int32_t> labels_of(Tokens& tokens, const Execution& execution) {
  const ScoreOptions options{.execution = execution};
  std::vector<int32_t> labels;
  labels.reserve(static_cast<size_t>(tokens.form->sentences().num_tokens()));
  for (const Example& token : describe_all_examples(tokens.source(), options)) {
    labels.push_back(token.given_label);
  }
  return labels;
}

SentenceScoreOptions pooling_options(std::string_view method, double temperature,
                                     double threshold) {
  SentenceScoreOptions options;
  options.method = named(sentence_method_from, method, "sentence score method");
  options.temperature = temperature;
  options.threshold = threshold;
  return options;
}

namespace {

/// One score for each range [starts[i], ends[i]) of tokens.
Array<double> pooled_ranges(nb::handle scores, nb::handle starts, nb::handle ends,
                            std::string_view method, double temperature, double threshold) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  const std::vector<int64_t> first = integers(starts);
  const std::vector<int64_t> last = integers(ends);
  const SentenceScoreOptions options = pooling_options(method, temperature, threshold);
  std::vector<double> pooled;
  pooled.reserve(first.size());
  for (size_t i = 0; i < first.size(); ++i) {
    const auto start = static_cast<size_t>(first[i]);
    pooled.push_back(
        pooled_score(values.subspan(start, static_cast<size_t>(last[i]) - start), options));
  }
  return to_array(std::move(pooled));
}

/// Rows (word, issues, tokens, rate), (word, given, suggested, issues), (given, suggested, issues,
/// tokens with the given label, rate).
using Words = std::vector<std::tuple<std::string, int64_t, int64_t, double>>;
using WordPairs = std::vector<std::tuple<std::string, int32_t, int32_t, int64_t>>;
using LabelPairs = std::vector<std::tuple<int32_t, int32_t, int64_t, int64_t, double>>;

/// The columns are those of issues, `words` those of all tokens.
std::tuple<Words, WordPairs, LabelPairs> common_words(nb::handle indices, nb::handle given,
                                                      nb::handle suggested,
                                                      const std::optional<Strings>& words,
                                                      nb::handle label_counts) {
  const std::vector<int64_t> rows = integers(indices);
  const std::vector<int64_t> from = integers(given);
  const std::vector<int64_t> to = integers(suggested);
  std::vector<TokenIssue> issues(rows.size());
  for (size_t i = 0; i < rows.size(); ++i) {
    issues[i].example.index = rows[i];
    issues[i].example.given_label = static_cast<int32_t>(from[i]);
    issues[i].example.suggested_label = static_cast<int32_t>(to[i]);
  }
  std::vector<std::string_view> views;
  if (words) views = texts(*words);
  const CommonIssues found = common_issues(issues, views, integers(label_counts));
  std::tuple<Words, WordPairs, LabelPairs> result;
  for (const CommonWord& row : found.words) {
    std::get<0>(result).emplace_back(row.word, row.num_issues, row.num_tokens, row.rate);
  }
  for (const CommonWordPair& row : found.word_pairs) {
    std::get<1>(result).emplace_back(row.word, row.labels.given_label, row.labels.suggested_label,
                                     row.num_issues);
  }
  for (const CommonPair& row : found.pairs) {
    std::get<2>(result).emplace_back(row.labels.given_label, row.labels.suggested_label,
                                     row.num_issues, row.num_given, row.rate);
  }
  return result;
}

}  // namespace

void bind_token_tables(nb::module_& m) {
  m.def("pooled_ranges", &pooled_ranges, nb::arg("scores"), nb::arg("starts"), nb::arg("ends"),
        nb::arg("method"), nb::arg("temperature"), nb::arg("threshold"));
  m.def("common_issues", &common_words, nb::arg("indices"), nb::arg("given"), nb::arg("suggested"),
        nb::arg("words").none(), nb::arg("label_counts"));
}

}  // namespace labelsieve::python
