// Issues, scores and counts as the package's own functions list them.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <charconv>
#include <cmath>
#include <iterator>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

#include "bindings.h"
#include "call.h"
#include "examples.h"
#include "issue_options.h"
#include "labelsieve/names.h"
#include "options.h"
#include "results.h"
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

std::unique_ptr<Findings> find_issues(Examples& examples, const IssueOptions& wanted,
                                      int num_threads) {
  auto findings = std::make_unique<Findings>();
  findings->found = call(num_threads, [&](const Execution& execution) {
    return find_label_issues(examples.source(), wanted.with(execution).filter);
  });
  return findings;
}

/// The options of scores where every model of an ensemble has its own thresholds and its own model.
ScoreOptions score_options(const Examples& examples, const Findings& findings,
                           const IssueOptions& wanted, const Execution& execution) {
  const IssueOptions options = wanted.with(execution);
  return examples.ensemble() == nullptr ? options.score_after(findings.found) : options.score;
}

/// Of an ensemble, the label quality is the weighted mean of the models' scores and not the score
/// of their mean.
std::vector<double> quality_of(Examples& examples, const ScoreOptions& options) {
  const Ensemble* const ensemble = examples.ensemble();
  if (ensemble == nullptr) return label_quality_scores(examples.source(), options);
  return ensemble_label_quality_scores(ensemble->labels, ensemble->pred_probs, ensemble->weights,
                                       options);
}

void set_quality(const std::vector<double>& scores, std::vector<Example>& examples) {
  for (Example& example : examples) {
    example.label_quality = scores[static_cast<size_t>(example.index)];
  }
}

Array<double> score_examples(Examples& examples, const Findings& findings,
                             const IssueOptions& wanted, int num_threads) {
  return to_array(call(num_threads, [&](const Execution& execution) {
    return quality_of(examples, score_options(examples, findings, wanted, execution));
  }));
}

/// The examples of a mask, worst first; None: all in their order.
ExampleColumns list_examples(Examples& examples, const Findings& findings, nb::handle mask,
                             const IssueOptions& wanted, int num_threads) {
  std::optional<Buffer> marks;
  std::span<const uint8_t> chosen;
  if (!mask.is_none()) chosen = bytes_of(marks.emplace(mask));
  return example_columns(call(num_threads, [&](const Execution& execution) {
    Source& source = examples.source();
    const ScoreOptions score = score_options(examples, findings, wanted, execution);
    if (examples.ensemble() == nullptr) {
      return marks ? rank_label_issues(source, chosen, score)
                   : describe_all_examples(source, score);
    }
    const std::vector<double> scores = quality_of(examples, score);
    const ScoreOptions plain{.execution = execution};
    std::vector<Example> listed =
        marks ? describe_examples(source, order_label_issues(chosen, scores), plain)
              : describe_all_examples(source, plain);
    set_quality(scores, listed);
    return listed;
  }));
}

/// Some examples by their indices, scored by self-confidence; None: all.
ExampleColumns describe(Examples& examples, nb::handle indices, int num_threads) {
  std::vector<int64_t> wanted;
  const bool all = indices.is_none();
  if (!all) wanted = integers(indices);
  return example_columns(call(num_threads, [&](const Execution& execution) {
    const ScoreOptions plain{.execution = execution};
    return all ? describe_all_examples(examples.source(), plain)
               : describe_examples(examples.source(), wanted, plain);
  }));
}

Array<bool> mask_of(const Findings& findings) {
  return to_mask(std::vector<uint8_t>(findings.found.mask));
}

Array<int64_t> label_counts_of(const Findings& findings) {
  return to_array(std::vector<int64_t>(findings.found.joint.label_counts));
}

Array<double> joint_of(const Findings& findings) {
  return to_array(estimate_joint(findings.found.joint.calibrated));
}

int64_t num_unnormalized_of(const Findings& findings) {
  return findings.found.joint.num_unnormalized_rows;
}

int64_t num_disagreeing_of(const Findings& findings) {
  return findings.found.joint.num_disagreeing;
}

/// (expected, low, high) number of errors, of the automatic method alone.
std::optional<std::tuple<double, double, double>> expectation_of(const Findings& findings) {
  if (!findings.found.expected_errors) return {};
  const ExpectedErrors& errors = *findings.found.expected_errors;
  return std::tuple(errors.expected, errors.low, errors.high);
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
  nb::class_<Findings>(m, "Findings")
      .def_prop_ro("mask", &mask_of, nb::rv_policy::move)
      .def_prop_ro("label_counts", &label_counts_of, nb::rv_policy::move)
      .def_prop_ro("joint", &joint_of, nb::rv_policy::move)
      .def_prop_ro("num_unnormalized_rows", &num_unnormalized_of)
      .def_prop_ro("num_disagreeing", &num_disagreeing_of)
      .def_prop_ro("expectation", &expectation_of);
  m.def("find_issues", &find_issues, nb::arg("examples"), nb::arg("options"),
        nb::arg("num_threads") = 0);
  m.def("score_examples", &score_examples, nb::arg("examples"), nb::arg("findings"),
        nb::arg("options"), nb::arg("num_threads") = 0);
  m.def("list_examples", &list_examples, nb::arg("examples"), nb::arg("findings"),
        nb::arg("mask").none(), nb::arg("options"), nb::arg("num_threads") = 0);
  m.def("describe_examples", &describe, nb::arg("examples"), nb::arg("indices").none(),
        nb::arg("num_threads") = 0);
  m.def("shortest_numbers", &shortest_numbers, nb::arg("values"));
}

}  // namespace labelsieve::python
