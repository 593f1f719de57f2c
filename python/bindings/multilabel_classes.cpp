// Multi-label data class by class: scores, issues, rankings, health.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>

#include <optional>
#include <string_view>
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

/// (N,K).
Array<double> scores_per_class(nb::handle labels, nb::handle pred_probs, std::string_view method,
                               bool adjust_pred_probs, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelScoreOptions options;
  options.method = named(method_from, method, "scoring method");
  options.adjust_pred_probs = adjust_pred_probs;
  std::vector<double> scores = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return multilabel_quality_scores_per_class(source, options);
  });
  const auto rows = static_cast<size_t>(matrix.view().rows);
  return to_array<double>(std::move(scores), {rows, static_cast<size_t>(matrix.view().columns)});
}

struct ClassIssues {
  MultilabelIssues issues;
  std::vector<ClassRanking> rankings;
};

/// (mask (N,K), number of examples without and with each class (K,2)) without `rank_by`; with it
/// (a list of K arrays of indices, those numbers).
nb::tuple issues_per_class(nb::handle labels, nb::handle pred_probs, std::string_view filter_by,
                           double frac_noise, nb::handle num_to_remove_per_class,
                           int64_t min_examples_per_class, nb::handle confident_joint,
                           std::optional<std::string_view> rank_by, bool adjust_pred_probs,
                           int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelScoreOptions score;
  if (rank_by) score.method = named(method_from, *rank_by, "scoring method");
  score.adjust_pred_probs = adjust_pred_probs;
  ClassIssues found = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    score.execution = execution;
    ClassIssues result{find_multilabel_issues_per_class(source, options), {}};
    if (rank_by) result.rankings = rank_multilabel_issues_per_class(source, result.issues, score);
    return result;
  });
  std::vector<int64_t> counts;
  for (const auto& pair : found.issues.joint.label_counts) {
    counts.insert(counts.end(), pair.begin(), pair.end());
  }
  const size_t classes = counts.size() / 2;
  nb::object result;
  if (rank_by) {
    nb::list indices;
    for (ClassRanking& ranking : found.rankings) {
      indices.append(to_array(std::move(ranking.indices)));
    }
    result = std::move(indices);
  } else {
    result = nb::cast(to_array<uint8_t, bool>(found.issues.per_class_mask(),
                                              {found.issues.mask.size(), classes}));
  }
  return nb::make_tuple(std::move(result), to_array<int64_t>(std::move(counts), {classes, 2}));
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
  MultilabelScoreOptions score;
  score.method = named(method_from, rank_by, "scoring method");
  score.adjust_pred_probs = adjust_pred_probs;
  const std::vector<MultilabelExample> ranked = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    score.execution = execution;
    return rank_multilabel_issues(source, find_multilabel_issues(source, options), score);
  });
  return column(ranked, &MultilabelExample::index);
}

nb::dict common_table(const MultilabelIssues& issues) {
  const std::vector<CommonMultilabelIssue> rows = common_multilabel_issues(issues);
  nb::dict table;
  table["label"] = column(rows, &CommonMultilabelIssue::label);
  std::vector<uint8_t> given;
  for (const CommonMultilabelIssue& row : rows) given.push_back(row.given ? 1 : 0);
  table["given"] = to_mask(std::move(given));
  table["num_examples"] = column(rows, &CommonMultilabelIssue::num_examples);
  table["issue_probability"] = column(rows, &CommonMultilabelIssue::issue_probability);
  return table;
}

nb::dict class_table(const MultilabelIssues& issues) {
  const std::vector<ClassQuality> rows = rank_classes_by_multilabel_quality(issues);
  nb::dict table;
  table["label"] = column(rows, &ClassQuality::label);
  table["label_issues"] = column(rows, &ClassQuality::label_issues);
  table["inverse_label_issues"] = column(rows, &ClassQuality::inverse_label_issues);
  table["label_noise"] = column(rows, &ClassQuality::label_noise);
  table["inverse_label_noise"] = column(rows, &ClassQuality::inverse_label_noise);
  table["label_quality_score"] = column(rows, &ClassQuality::label_quality_score);
  return table;
}

/// (table of common issues, table of classes, overall score).
nb::tuple health(nb::handle labels, nb::handle pred_probs, nb::handle confident_joint,
                 int num_threads) {
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
  return nb::make_tuple(common_table(issues), class_table(issues),
                        overall_multilabel_health_score(issues));
}

}  // namespace

void bind_multilabel_classes(nb::module_& m) {
  m.def("multilabel_scores_per_class", &scores_per_class, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("method"), nb::arg("adjust_pred_probs") = false, nb::arg("num_threads") = 0);
  m.def("find_multilabel_issues_per_class", &issues_per_class, nb::arg("labels"),
        nb::arg("pred_probs"), nb::arg("filter_by"), nb::arg("frac_noise"),
        nb::arg("num_to_remove_per_class").none(), nb::arg("min_examples_per_class"),
        nb::arg("confident_joint").none(), nb::arg("rank_by").none(), nb::arg("adjust_pred_probs"),
        nb::arg("num_threads") = 0);
  m.def("rank_multilabel_issues", &ranked_issues, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise"), nb::arg("num_to_remove_per_class").none(),
        nb::arg("min_examples_per_class"), nb::arg("confident_joint").none(), nb::arg("rank_by"),
        nb::arg("adjust_pred_probs"), nb::arg("num_threads") = 0);
  m.def("multilabel_health", &health, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("confident_joint").none(), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
