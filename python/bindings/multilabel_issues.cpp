// Multi-label issues as tables: which labels to add and to take away.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/error.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/names.h"
#include "multilabel_examples.h"
#include "multilabel_options.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

struct MultilabelSearch {
  MultilabelFilterOptions filter;
  MultilabelScoreOptions score;
};

/// What a search found, and what a selection left of it.
struct MultilabelFindings {
  MultilabelIssues found;
};

MultilabelSearch make_search(std::string_view filter_by, double frac_noise,
                             nb::handle num_to_remove_per_class, int64_t min_examples_per_class,
                             nb::handle confident_joint, std::string_view method,
                             bool adjust_pred_probs, std::string_view pooling,
                             std::optional<double> alpha, double temperature) {
  MultilabelSearch search;
  search.filter = multilabel_filter_options(filter_by, frac_noise, num_to_remove_per_class,
                                            min_examples_per_class, confident_joint);
  search.score.method = named(method_from, method, "scoring method");
  search.score.adjust_pred_probs = adjust_pred_probs;
  search.score.pooling.pooling = named(pooling_from, pooling, "aggregator");
  search.score.pooling.alpha = alpha;
  search.score.pooling.temperature = temperature;
  return search;
}

std::unique_ptr<MultilabelFindings> find(MultilabelExamples& examples,
                                         const MultilabelSearch& search, bool per_class,
                                         int num_threads) {
  MultilabelFilterOptions options = search.filter;
  auto findings = std::make_unique<MultilabelFindings>();
  findings->found = call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return per_class ? find_multilabel_issues_per_class(examples.source(), options)
                     : find_multilabel_issues(examples.source(), options);
  });
  return findings;
}

/// What was counted or fitted on the way is not counted or fitted again.
MultilabelScoreOptions score_options(const MultilabelSearch& search,
                                     const MultilabelFindings& findings,
                                     const Execution& execution) {
  MultilabelScoreOptions options = search.score;
  if (options.adjust_pred_probs) options.thresholds = findings.found.joint.thresholds;
  if (options.method == Method::kAuto) options.auto_models = findings.found.auto_models;
  options.execution = execution;
  return options;
}

Array<bool> mask_of(const MultilabelFindings& findings) {
  return to_mask(std::vector<uint8_t>(findings.found.mask));
}

/// (expected, low, high) number of wrong labels, of the automatic method alone.
std::optional<std::tuple<double, double, double>> expectation_of(
    const MultilabelFindings& findings) {
  const auto total = findings.found.total_expected_errors();
  if (!total) return {};
  return std::tuple(total->expected, total->low, total->high);
}

/// The wrong classes: (row of each, class, whether it is given), by row and class.
std::tuple<Array<int64_t>, Array<int32_t>, Array<bool>> wrong_of(
    const MultilabelFindings& findings) {
  const MultilabelIssues& found = findings.found;
  std::vector<int64_t> rows;
  std::vector<uint8_t> given;
  rows.reserve(found.wrong.size());
  given.reserve(found.wrong.size());
  for (size_t i = 0; i < found.mask.size(); ++i) {
    rows.resize(static_cast<size_t>(found.offsets[i + 1]), static_cast<int64_t>(i));
  }
  for (const ClassIssue& issue : found.wrong) given.push_back(issue.given ? 1 : 0);
  return {to_array(std::move(rows)), column(found.wrong, &ClassIssue::label),
          to_mask(std::move(given))};
}

/// Leaves the wrong classes for which `kept` is false out; `mask` says which examples are issues.
void restrict(MultilabelFindings& findings, nb::handle mask, nb::handle kept) {
  const Buffer mask_memory(mask);
  const Buffer kept_memory(kept);
  const std::span<const uint8_t> issues = bytes_of(mask_memory);
  const std::span<const uint8_t> keep = bytes_of(kept_memory);
  MultilabelIssues& found = findings.found;
  if (issues.size() != found.mask.size() || keep.size() != found.wrong.size()) {
    throw Error(ErrorCode::kInvalidArgument, "the masks are not those of these findings");
  }
  std::vector<ClassIssue> wrong;
  std::vector<int64_t> offsets = {0};
  offsets.reserve(found.offsets.size());
  for (size_t i = 0; i < issues.size(); ++i) {
    for (int64_t place = found.offsets[i]; place < found.offsets[i + 1]; ++place) {
      const auto at = static_cast<size_t>(place);
      if (keep[at] != 0) wrong.push_back(found.wrong[at]);
    }
    offsets.push_back(static_cast<int64_t>(wrong.size()));
  }
  found.mask.assign(issues.begin(), issues.end());
  found.num_issues = std::count(issues.begin(), issues.end(), uint8_t{1});
  found.wrong = std::move(wrong);
  found.offsets = std::move(offsets);
}

using Sets = std::vector<std::vector<int32_t>>;

/// (indices, given, suggested, to add, to remove, label quality).
using ExampleTable = std::tuple<Array<int64_t>, Sets, Sets, Sets, Sets, Array<double>>;

/// The issues worst first, or all examples of `listed` in their order.
ExampleTable list_examples(MultilabelExamples& examples, const MultilabelFindings& findings,
                           const MultilabelSearch& search, nb::handle listed, int num_threads) {
  std::optional<MultilabelIssues> all;
  if (!listed.is_none()) {
    const Buffer memory(listed);
    const std::span<const uint8_t> marks = bytes_of(memory);
    all = findings.found;
    all->mask.assign(marks.begin(), marks.end());
    all->num_issues = std::count(marks.begin(), marks.end(), uint8_t{1});
  }
  std::vector<MultilabelExample> rows = call(num_threads, [&](const Execution& execution) {
    return rank_multilabel_issues(examples.source(), all ? *all : findings.found,
                                  score_options(search, findings, execution));
  });
  if (all) std::ranges::sort(rows, {}, &MultilabelExample::index);
  Sets sets[4];
  for (MultilabelExample& row : rows) {
    sets[0].push_back(std::move(row.given_labels));
    sets[1].push_back(std::move(row.suggested_labels));
    sets[2].push_back(std::move(row.add));
    sets[3].push_back(std::move(row.remove));
  }
  return {column(rows, &MultilabelExample::index),
          std::move(sets[0]),
          std::move(sets[1]),
          std::move(sets[2]),
          std::move(sets[3]),
          column(rows, &MultilabelExample::label_quality)};
}

/// A wrong label of an example.
struct Row {
  int64_t index;
  int32_t label;
  double label_quality;
};

/// (indices, classes, whether they are given, label quality of the class).
using ClassTable = std::tuple<Array<int64_t>, Array<int32_t>, Array<bool>, Array<double>>;

/// The wrong classes of all examples, worst first.
ClassTable list_classes(MultilabelExamples& examples, const MultilabelFindings& findings,
                        const MultilabelSearch& search, int num_threads) {
  const auto rankings = call(num_threads, [&](const Execution& execution) {
    return rank_multilabel_issues_per_class(examples.source(), findings.found,
                                            score_options(search, findings, execution));
  });
  std::vector<Row> rows;
  for (size_t k = 0; k < rankings.size(); ++k) {
    for (size_t i = 0; i < rankings[k].indices.size(); ++i) {
      rows.push_back({rankings[k].indices[i], static_cast<int32_t>(k), rankings[k].scores[i]});
    }
  }
  std::sort(rows.begin(), rows.end(), [](const Row& a, const Row& b) {
    return std::tie(a.label_quality, a.index, a.label) <
           std::tie(b.label_quality, b.index, b.label);
  });
  std::vector<uint8_t> is_given;
  is_given.reserve(rows.size());
  for (const Row& row : rows) {
    const auto wrong = findings.found.wrong_classes(row.index);
    const auto issue = std::ranges::find(wrong, row.label, &ClassIssue::label);
    is_given.push_back(issue != wrong.end() && issue->given ? 1 : 0);
  }
  return {column(rows, &Row::index), column(rows, &Row::label), to_mask(std::move(is_given)),
          column(rows, &Row::label_quality)};
}

/// NxK.
Array<double> class_scores(MultilabelExamples& examples, const MultilabelFindings& findings,
                           const MultilabelSearch& search, int num_threads) {
  std::vector<double> scores = call(num_threads, [&](const Execution& execution) {
    return multilabel_quality_scores_per_class(examples.source(),
                                               score_options(search, findings, execution));
  });
  const size_t rows = findings.found.mask.size();
  return to_array(std::move(scores), {rows, static_cast<size_t>(examples.source().num_classes())});
}

/// (class, given, examples, probability), most often first.
using CommonTable = std::tuple<Array<int32_t>, Array<bool>, Array<int64_t>, Array<double>>;

CommonTable common(const MultilabelFindings& findings) {
  const std::vector<CommonMultilabelIssue> rows = common_multilabel_issues(findings.found);
  std::vector<uint8_t> given;
  given.reserve(rows.size());
  for (const CommonMultilabelIssue& row : rows) given.push_back(row.given ? 1 : 0);
  return {column(rows, &CommonMultilabelIssue::label), to_mask(std::move(given)),
          column(rows, &CommonMultilabelIssue::num_examples),
          column(rows, &CommonMultilabelIssue::issue_probability)};
}

/// (class, examples, to remove, to add, noise, inverse noise, quality), lowest quality first.
using QualityTable = std::tuple<Array<int32_t>, Array<int64_t>, Array<int64_t>, Array<int64_t>,
                                Array<double>, Array<double>, Array<double>>;

QualityTable qualities(const MultilabelFindings& findings) {
  const std::vector<ClassQuality> rows = rank_classes_by_multilabel_quality(findings.found);
  return {column(rows, &ClassQuality::label),
          column(rows, &ClassQuality::num_examples),
          column(rows, &ClassQuality::label_issues),
          column(rows, &ClassQuality::inverse_label_issues),
          column(rows, &ClassQuality::label_noise),
          column(rows, &ClassQuality::inverse_label_noise),
          column(rows, &ClassQuality::label_quality_score)};
}

double overall_score(const MultilabelFindings& findings) {
  return overall_multilabel_health_score(findings.found);
}

}  // namespace

void bind_multilabel_issues(nb::module_& m) {
  nb::class_<MultilabelSearch>(m, "MultilabelSearch");
  nb::class_<MultilabelFindings>(m, "MultilabelFindings")
      .def_prop_ro("mask", &mask_of, nb::rv_policy::move)
      .def_prop_ro("expected_errors", &expectation_of)
      .def_prop_ro("wrong", &wrong_of, nb::rv_policy::move)
      .def_prop_ro("common", &common, nb::rv_policy::move)
      .def_prop_ro("qualities", &qualities, nb::rv_policy::move)
      .def_prop_ro("overall_score", &overall_score)
      .def("restrict", & restrict, nb::arg("mask"), nb::arg("kept"));
  m.def("multilabel_search", &make_search, nb::arg("filter_by"), nb::arg("frac_noise"),
        nb::arg("num_to_remove_per_class").none(), nb::arg("min_examples_per_class"),
        nb::arg("confident_joint").none(), nb::arg("method"), nb::arg("adjust_pred_probs"),
        nb::arg("pooling"), nb::arg("alpha").none(), nb::arg("temperature"));
  m.def("find_multilabel", &find, nb::arg("examples"), nb::arg("search"), nb::arg("per_class"),
        nb::arg("num_threads") = 0);
  m.def("list_multilabel_examples", &list_examples, nb::arg("examples"), nb::arg("findings"),
        nb::arg("search"), nb::arg("listed").none(), nb::arg("num_threads") = 0);
  m.def("list_multilabel_classes", &list_classes, nb::arg("examples"), nb::arg("findings"),
        nb::arg("search"), nb::arg("num_threads") = 0);
  m.def("multilabel_class_scores", &class_scores, nb::arg("examples"), nb::arg("findings"),
        nb::arg("search"), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
