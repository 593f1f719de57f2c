// Multi-label data class by class: scores, issues, rankings, health.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "label_sets.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/multilabel_count.h"
#include "labelsieve/names.h"
#include "multilabel_options.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

MultilabelScoreOptions multilabel_score_options(std::string_view method, bool adjust_pred_probs) {
  MultilabelScoreOptions options;
  options.method = named(method_from, method, "scoring method");
  options.adjust_pred_probs = adjust_pred_probs;
  return options;
}

/// (N,K).
Array<double> scores_per_class(nb::handle labels, nb::handle pred_probs, std::string_view method,
                               bool adjust_pred_probs, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelScoreOptions options = multilabel_score_options(method, adjust_pred_probs);
  std::vector<double> scores = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return multilabel_quality_scores_per_class(source, options);
  });
  const auto rows = static_cast<size_t>(matrix.view().rows);
  return to_array<double>(std::move(scores), {rows, static_cast<size_t>(matrix.view().columns)});
}

/// Mask (N,K).
Array<bool> issues_per_class(nb::handle labels, nb::handle pred_probs, std::string_view filter_by,
                             double frac_noise, nb::handle num_to_remove_per_class,
                             int64_t min_examples_per_class, nb::handle confident_joint,
                             int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  std::vector<uint8_t> mask = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return find_multilabel_issues_per_class(source, options).per_class_mask();
  });
  const auto rows = static_cast<size_t>(matrix.view().rows);
  return to_array<uint8_t, bool>(std::move(mask),
                                 {rows, static_cast<size_t>(matrix.view().columns)});
}

/// For each class the indices of its issues by ascending score.
std::vector<Array<int64_t>> ranked_issues_per_class(
    nb::handle labels, nb::handle pred_probs, std::string_view filter_by, double frac_noise,
    nb::handle num_to_remove_per_class, int64_t min_examples_per_class, nb::handle confident_joint,
    std::string_view rank_by, bool adjust_pred_probs, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelScoreOptions score = multilabel_score_options(rank_by, adjust_pred_probs);
  std::vector<ClassRanking> rankings = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    score.execution = execution;
    const MultilabelIssues issues = find_multilabel_issues_per_class(source, options);
    return rank_multilabel_issues_per_class(source, issues, score);
  });
  std::vector<Array<int64_t>> indices;
  for (ClassRanking& ranking : rankings) indices.push_back(to_array(std::move(ranking.indices)));
  return indices;
}

/// The indices of the issues by ascending pooled score.
Array<int64_t> ranked_issues(nb::handle labels, nb::handle pred_probs, std::string_view filter_by,
                             double frac_noise, nb::handle num_to_remove_per_class,
                             int64_t min_examples_per_class, nb::handle confident_joint,
                             std::string_view rank_by, bool adjust_pred_probs, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelScoreOptions score = multilabel_score_options(rank_by, adjust_pred_probs);
  const std::vector<MultilabelExample> ranked = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    score.execution = execution;
    return rank_multilabel_issues(source, find_multilabel_issues(source, options), score);
  });
  return column(ranked, &MultilabelExample::index);
}

using Integers32 = Array<int32_t>;
using Integers64 = Array<int64_t>;
using Doubles = Array<double>;

/// (label, whether it is given, number of examples, issue probability).
using CommonTable = std::tuple<Integers32, Array<bool>, Integers64, Doubles>;

/// (label, label issues, inverse label issues, label noise, inverse label noise, label quality).
using ClassRanking = std::tuple<Integers32, Integers64, Integers64, Doubles, Doubles, Doubles>;

CommonTable common_table(const MultilabelIssues& issues) {
  const std::vector<CommonMultilabelIssue> rows = common_multilabel_issues(issues);
  std::vector<uint8_t> given;
  given.reserve(rows.size());
  for (const CommonMultilabelIssue& row : rows) given.push_back(row.given ? 1 : 0);
  return {column(rows, &CommonMultilabelIssue::label), to_mask(std::move(given)),
          column(rows, &CommonMultilabelIssue::num_examples),
          column(rows, &CommonMultilabelIssue::issue_probability)};
}

ClassRanking class_ranking(const MultilabelIssues& issues) {
  const std::vector<ClassQuality> rows = rank_classes_by_multilabel_quality(issues);
  return {column(rows, &ClassQuality::label),
          column(rows, &ClassQuality::label_issues),
          column(rows, &ClassQuality::inverse_label_issues),
          column(rows, &ClassQuality::label_noise),
          column(rows, &ClassQuality::inverse_label_noise),
          column(rows, &ClassQuality::label_quality_score)};
}

/// (table of common issues, table of classes, overall score).
std::tuple<CommonTable, ClassRanking, double> health(nb::handle labels, nb::handle pred_probs,
                                                     nb::handle confident_joint, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options;
  if (!confident_joint.is_none()) {
    options.confident_joint = regrouped<BinaryMatrix<double>>(doubles(confident_joint));
  }
  const MultilabelIssues issues = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return find_multilabel_issues(source, options);
  });
  return {common_table(issues), class_ranking(issues), overall_multilabel_health_score(issues)};
}

}  // namespace

void bind_multilabel_classes(nb::module_& m) {
  m.def("multilabel_scores_per_class", &scores_per_class, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("method"), nb::arg("adjust_pred_probs") = false, nb::arg("num_threads") = 0);
  m.def("find_multilabel_issues_per_class", &issues_per_class, nb::arg("labels"),
        nb::arg("pred_probs"), nb::arg("filter_by"), nb::arg("frac_noise"),
        nb::arg("num_to_remove_per_class").none(), nb::arg("min_examples_per_class"),
        nb::arg("confident_joint").none(), nb::arg("num_threads") = 0);
  m.def("rank_multilabel_issues_per_class", &ranked_issues_per_class, nb::arg("labels"),
        nb::arg("pred_probs"), nb::arg("filter_by"), nb::arg("frac_noise"),
        nb::arg("num_to_remove_per_class").none(), nb::arg("min_examples_per_class"),
        nb::arg("confident_joint").none(), nb::arg("rank_by"), nb::arg("adjust_pred_probs"),
        nb::arg("num_threads") = 0);
  m.def("rank_multilabel_issues", &ranked_issues, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise"), nb::arg("num_to_remove_per_class").none(),
        nb::arg("min_examples_per_class"), nb::arg("confident_joint").none(), nb::arg("rank_by"),
        nb::arg("adjust_pred_probs"), nb::arg("num_threads") = 0);
  m.def("multilabel_health", &health, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("confident_joint").none(), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
