// Issues, scores and counts as the package's own functions list them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "issue_options.h"
#include "labelsieve/names.h"
#include "options.h"
#include "tokens.h"
#include "views.h"

namespace labelsieve::python {

IssueOptions IssueOptions::with(const Execution& execution) const {
  IssueOptions options = *this;
  options.filter.execution = execution;
  options.score.execution = execution;
  return options;
}

ScoreOptions IssueOptions::score_after(const LabelIssues& found) const {
  ScoreOptions options = score;
  if (options.adjust_pred_probs) options.thresholds = found.joint.thresholds;
  options.auto_model = found.auto_model;
  return options;
}

ExampleColumns example_columns(const std::vector<Example>& examples) {
  return {column(examples, &Example::index),           column(examples, &Example::given_label),
          column(examples, &Example::suggested_label), column(examples, &Example::label_quality),
          column(examples, &Example::self_confidence), column(examples, &Example::suggested_prob)};
}

Expectation expectation(const LabelIssues& found) {
  if (!found.expected_errors) return {};
  const ExpectedErrors& errors = *found.expected_errors;
  return std::tuple(errors.expected, errors.low, errors.high);
}

namespace {

IssueOptions make_options(std::string_view filter_by, double frac_noise,
                          nb::handle num_to_remove_per_class, int64_t min_examples_per_class,
                          nb::handle confident_joint, std::string_view collision,
                          std::string_view method, bool adjust_pred_probs) {
  IssueOptions options;
  options.filter.filter_by = named(filter_by_from, filter_by, "filter");
  options.filter.frac_noise = frac_noise;
  options.filter.min_examples_per_class = min_examples_per_class;
  if (!num_to_remove_per_class.is_none()) {
    options.filter.num_to_remove_per_class = integers(num_to_remove_per_class);
  }
  if (!confident_joint.is_none()) options.filter.confident_joint = square_matrix(confident_joint);
  options.filter.collision = named(collision_from, collision, "collision rule");
  options.score.method = named(method_from, method, "scoring method");
  options.score.adjust_pred_probs = adjust_pred_probs;
  return options;
}

/// (mask, flagged examples in order or all in their own, expectation).
using Findings = std::tuple<Array<bool>, ExampleColumns, Expectation>;

Findings find_in(Source& source, const IssueOptions& wanted, bool list_all, int num_threads) {
  LabelIssues found;
  const std::vector<Example> examples = call(num_threads, [&](const Execution& execution) {
    const IssueOptions options = wanted.with(execution);
    found = find_label_issues(source, options.filter);
    const ScoreOptions score = options.score_after(found);
    return list_all ? describe_all_examples(source, score)
                    : rank_label_issues(source, found.mask, score);
  });
  Expectation expected = expectation(found);
  return {to_mask(std::move(found.mask)), example_columns(examples), expected};
}

Findings find_examples(nb::handle labels, nb::handle pred_probs, const IssueOptions& options,
                       bool list_all, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  MemorySource source(given.view(), matrix.view());
  return find_in(source, options, list_all, num_threads);
}

Findings find_tokens(Tokens& tokens, const IssueOptions& options, bool list_all, int num_threads) {
  return find_in(tokens.form->source(), options, list_all, num_threads);
}

/// (mask, number of examples with each label, estimated joint, expectation).
std::tuple<Array<bool>, Array<int64_t>, Array<double>, Expectation> examine(
    nb::handle labels, nb::handle pred_probs, const IssueOptions& wanted, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  LabelIssues found = call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    return find_label_issues(source, wanted.with(execution).filter);
  });
  Expectation expected = expectation(found);
  const auto joint = estimate_joint(found.joint.calibrated);
  return {to_mask(std::move(found.mask)), to_array(std::move(found.joint.label_counts)),
          to_array(joint), expected};
}

/// The shortest decimal numbers that read back as the same doubles; nothing for NaN.
std::vector<std::string> shortest_numbers(nb::handle values) {
  const Buffer buffer(values);
  std::vector<std::string> numbers;
  for (const double value : contiguous_doubles(buffer)) {
    if (std::isnan(value)) {
      numbers.emplace_back();
      continue;
    }
    char digits[32];
    const auto [end, error] = std::to_chars(std::begin(digits), std::end(digits), value);
    std::string& text = numbers.emplace_back(digits, end);
    // "1" would be read as an integer by tools that guess a column's type from its first rows.
    if (std::isfinite(value) && text.find_first_of(".e") == std::string::npos) text += ".0";
  }
  return numbers;
}

}  // namespace

void bind_issues(nb::module_& m) {
  nb::class_<IssueOptions>(m, "IssueOptions");
  m.def("issue_options", &make_options, nb::arg("filter_by"), nb::arg("frac_noise"),
        nb::arg("num_to_remove_per_class").none(), nb::arg("min_examples_per_class"),
        nb::arg("confident_joint").none(), nb::arg("collision"), nb::arg("method"),
        nb::arg("adjust_pred_probs"));
  m.def("find_examples", &find_examples, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("options"), nb::arg("list_all"), nb::arg("num_threads") = 0);
  m.def("find_tokens", &find_tokens, nb::arg("tokens"), nb::arg("options"), nb::arg("list_all"),
        nb::arg("num_threads") = 0);
  m.def("examine", &examine, nb::arg("labels"), nb::arg("pred_probs"), nb::arg("options"),
        nb::arg("num_threads") = 0);
  m.def("shortest_numbers", &shortest_numbers, nb::arg("values"));
}

}  // namespace labelsieve::python
