// Label quality scores, ensembles and orders.
#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <cstddef>
#include <cstring>
#include <optional>
#include <span>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "examples.h"
#include "labelsieve/ensemble.h"
#include "labelsieve/names.h"
#include "labelsieve/rank.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

Array<double> quality_scores(nb::handle labels, nb::handle pred_probs, std::string_view method,
                             bool adjust_pred_probs, nb::handle thresholds, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  ScoreOptions options = score_options(method, adjust_pred_probs);
  if (!thresholds.is_none()) options.thresholds = doubles(thresholds);
  return to_array(call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return label_quality_scores(source, options);
  }));
}

/// Writes the scores into `scores` and returns the number of examples, of confident ones, and of
/// those the ones whose argmax is not the label, by given class; against `thresholds`, which
/// adjust_pred_probs takes, too.
std::tuple<Array<int64_t>, Array<int64_t>, Array<int64_t>> score_and_count_into(
    nb::handle labels, nb::handle pred_probs, nb::handle thresholds,
    nb::ndarray<double, nb::ndim<1>, nb::c_contig, nb::device::cpu> scores, std::string_view method,
    bool adjust_pred_probs, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  ScoreOptions options = score_options(method, adjust_pred_probs);
  options.thresholds = doubles(thresholds);
  const std::span<double> out(scores.data(), scores.size());
  ArgmaxCounts counts = call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return score_and_count(source, options.thresholds, options, out);
  });
  return {to_array(std::move(counts.examples)), to_array(std::move(counts.confident)),
          to_array(std::move(counts.disagreeing))};
}

Array<double> quality_scores_at(nb::handle labels, nb::handle pred_probs, nb::handle indices,
                                std::string_view method, bool adjust_pred_probs, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  const std::vector<int64_t> wanted = integers(indices);
  ScoreOptions options = score_options(method, adjust_pred_probs);
  return to_array(call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return label_quality_scores_at(source, wanted, options);
  }));
}

Array<int64_t> top_issues(nb::handle scores, int64_t top) {
  const Buffer buffer(scores);
  const std::span<const double> values = contiguous_doubles(buffer);
  return to_array(call(0, [&](const Execution&) { return find_top_issues(values, top); }));
}

/// Whether the labels are of two classes or more. Cost: up to the first that differs.
bool has_two_labels(nb::handle labels) {
  const Integers given(labels);
  const LabelsView& view = given.view();
  const auto* first = static_cast<const std::byte*>(view.data);
  const auto width = static_cast<size_t>(size_of(view.type));
  for (int64_t i = 1; i < view.size; ++i) {
    if (std::memcmp(first, first + i * view.stride, width) != 0) return true;
  }
  return false;
}

/// The views of several models' matrices.
struct Models {
  explicit Models(const ObjectList& arrays) {
    matrices.reserve(arrays.size());
    for (const nb::handle array : arrays) matrices.emplace_back(array);
    for (const Matrix& matrix : matrices) views.push_back(matrix.view());
  }
  std::vector<Matrix> matrices;
  std::vector<MatrixView> views;
};

Array<double> weights_of_models(nb::handle labels, const ObjectList& pred_probs,
                                std::string_view weigh_by, nb::handle custom_weights,
                                nb::handle log_loss_search_t, int num_threads,
                                std::optional<int64_t> ignore_label) {
  const Integers given(labels);
  LabelsView view = given.view();
  view.ignore_label = ignore_label;
  const Models models(pred_probs);
  EnsembleOptions options;
  options.weights = named(ensemble_weights_from, weigh_by, "way to weigh models");
  if (!custom_weights.is_none()) options.custom_weights = doubles(custom_weights);
  options.log_loss_search_t = doubles(log_loss_search_t);
  return to_array(call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return ensemble_weights(view, models.views, options);
  }));
}

Array<double> scores_of_models(nb::handle labels, const ObjectList& pred_probs, nb::handle weights,
                               std::string_view method, bool adjust_pred_probs, int num_threads) {
  const Integers given(labels);
  const Models models(pred_probs);
  const std::vector<double> shares = doubles(weights);
  ScoreOptions options = score_options(method, adjust_pred_probs);
  return to_array(call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return ensemble_label_quality_scores(given.view(), models.views, shares, options);
  }));
}

}  // namespace

void bind_rank(nb::module_& m) {
  m.def("label_quality_scores", &quality_scores, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("method") = "self_confidence", nb::arg("adjust_pred_probs") = false,
        nb::arg("thresholds") = nb::none(), nb::arg("num_threads") = 0);
  m.def("score_and_count", &score_and_count_into, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("thresholds"), nb::arg("scores").noconvert(), nb::arg("method") = "self_confidence",
        nb::arg("adjust_pred_probs") = false, nb::arg("num_threads") = 0);
  m.def("label_quality_scores_at", &quality_scores_at, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("indices"), nb::arg("method") = "self_confidence",
        nb::arg("adjust_pred_probs") = false, nb::arg("num_threads") = 0);
  m.def("find_top_issues", &top_issues, nb::arg("scores"), nb::arg("top"));
  m.def("has_two_labels", &has_two_labels, nb::arg("labels"));
  m.def("ensemble_weights", &weights_of_models, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("weigh_by"), nb::arg("custom_weights").none(), nb::arg("log_loss_search_t"),
        nb::arg("num_threads") = 0, nb::arg("ignore_label") = nb::none());
  m.def("ensemble_label_quality_scores", &scores_of_models, nb::arg("labels"),
        nb::arg("pred_probs"), nb::arg("weights"), nb::arg("method"), nb::arg("adjust_pred_probs"),
        nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
