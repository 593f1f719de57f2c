// Multi-label issues as tables: which labels to add and to take away.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <algorithm>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "label_sets.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/names.h"
#include "multilabel_options.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

MultilabelScoreOptions score_options(std::string_view method, bool adjust_pred_probs,
                                     std::string_view pooling, std::optional<double> alpha,
                                     double temperature) {
  MultilabelScoreOptions options;
  options.method = named(method_from, method, "scoring method");
  options.adjust_pred_probs = adjust_pred_probs;
  options.pooling.pooling = named(pooling_from, pooling, "aggregator");
  options.pooling.alpha = alpha;
  options.pooling.temperature = temperature;
  return options;
}

using Sets = std::vector<std::vector<int32_t>>;

/// (mask, indices, given, suggested, to add, to remove, label quality).
using ExampleTable = std::tuple<Array<bool>, Array<int64_t>, Sets, Sets, Sets, Sets, Array<double>>;

ExampleTable find_examples(nb::handle labels, nb::handle pred_probs, std::string_view filter_by,
                           double frac_noise, nb::handle num_to_remove_per_class,
                           int64_t min_examples_per_class, nb::handle confident_joint,
                           std::string_view method, bool adjust_pred_probs,
                           std::string_view pooling, std::optional<double> alpha,
                           double temperature, bool list_all, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions filter = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelScoreOptions score =
      score_options(method, adjust_pred_probs, pooling, alpha, temperature);
  MultilabelIssues found;
  std::vector<MultilabelExample> rows = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    filter.execution = execution;
    score.execution = execution;
    found = find_multilabel_issues(source, filter);
    if (!list_all) return rank_multilabel_issues(source, found, score);
    MultilabelIssues all = found;
    std::fill(all.mask.begin(), all.mask.end(), uint8_t{1});
    all.num_issues = static_cast<int64_t>(all.mask.size());
    auto examples = rank_multilabel_issues(source, all, score);
    std::sort(examples.begin(), examples.end(),
              [](const auto& a, const auto& b) { return a.index < b.index; });
    return examples;
  });
  Sets sets[4];
  for (MultilabelExample& row : rows) {
    sets[0].push_back(std::move(row.given_labels));
    sets[1].push_back(std::move(row.suggested_labels));
    sets[2].push_back(std::move(row.add));
    sets[3].push_back(std::move(row.remove));
  }
  return {to_mask(std::move(found.mask)),
          column(rows, &MultilabelExample::index),
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

ClassTable find_classes(nb::handle labels, nb::handle pred_probs, std::string_view filter_by,
                        double frac_noise, nb::handle num_to_remove_per_class,
                        int64_t min_examples_per_class, nb::handle confident_joint,
                        std::string_view method, bool adjust_pred_probs, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions filter = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelScoreOptions score;
  score.method = named(method_from, method, "scoring method");
  score.adjust_pred_probs = adjust_pred_probs;
  MultilabelIssues found;
  const auto rankings = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    filter.execution = execution;
    score.execution = execution;
    found = find_multilabel_issues_per_class(source, filter);
    return rank_multilabel_issues_per_class(source, found, score);
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
    const auto wrong = found.wrong_classes(row.index);
    const auto issue = std::find_if(wrong.begin(), wrong.end(), [&](const ClassIssue& candidate) {
      return candidate.label == row.label;
    });
    is_given.push_back(issue != wrong.end() && issue->given ? 1 : 0);
  }
  return {column(rows, &Row::index), column(rows, &Row::label), to_mask(std::move(is_given)),
          column(rows, &Row::label_quality)};
}

}  // namespace

void bind_multilabel_issues(nb::module_& m) {
  m.def("find_multilabel_examples", &find_examples, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise"), nb::arg("num_to_remove_per_class").none(),
        nb::arg("min_examples_per_class"), nb::arg("confident_joint").none(), nb::arg("method"),
        nb::arg("adjust_pred_probs"), nb::arg("pooling"), nb::arg("alpha").none(),
        nb::arg("temperature"), nb::arg("list_all"), nb::arg("num_threads") = 0);
  m.def("find_multilabel_classes", &find_classes, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise"), nb::arg("num_to_remove_per_class").none(),
        nb::arg("min_examples_per_class"), nb::arg("confident_joint").none(), nb::arg("method"),
        nb::arg("adjust_pred_probs"), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
