// Multi-label data: joints, issues and the order of issues.
#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <array>
#include <cstring>
#include <string>
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

template <class T>
Array<T> binary_matrices(const std::vector<BinaryMatrix<T>>& matrices) {
  std::vector<T> values;
  values.reserve(4 * matrices.size());
  for (const BinaryMatrix<T>& matrix : matrices) {
    for (const auto& row : matrix) values.insert(values.end(), row.begin(), row.end());
  }
  return to_array<T>(std::move(values), {matrices.size(), 2, 2});
}

template <class T>
Array<T> absent_present(const std::vector<AbsentPresent<T>>& pairs) {
  std::vector<T> values;
  values.reserve(2 * pairs.size());
  for (const AbsentPresent<T>& pair : pairs) values.insert(values.end(), pair.begin(), pair.end());
  return to_array<T>(std::move(values), {pairs.size(), 2});
}

/// (thresholds (K,2), label counts (K,2), raw counts (K,2,2), calibrated (K,2,2)).
std::tuple<Array<double>, Array<int64_t>, Array<int64_t>, Array<int64_t>> joint(
    nb::handle labels, nb::handle pred_probs, nb::handle thresholds, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelJointOptions options;
  if (!thresholds.is_none()) {
    options.thresholds = regrouped<AbsentPresent<double>>(doubles(thresholds));
  }
  const MultilabelJoint found = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return multilabel_confident_joint(source, options);
  });
  return {absent_present(found.thresholds), absent_present(found.label_counts),
          binary_matrices(found.counts), binary_matrices(found.calibrated)};
}

Array<int64_t> calibrated(nb::handle joints, nb::handle label_counts) {
  return binary_matrices(
      calibrate_multilabel_joint(regrouped<BinaryMatrix<double>>(doubles(joints)),
                                 regrouped<AbsentPresent<int64_t>>(integers(label_counts))));
}

Array<double> estimated(nb::handle calibrated_joints) {
  return binary_matrices(
      estimate_multilabel_joint(regrouped<BinaryMatrix<int64_t>>(integers(calibrated_joints))));
}

/// (mask, number of examples without and with each class (K,2)).
std::tuple<Array<bool>, Array<int64_t>> label_issues(nb::handle labels, nb::handle pred_probs,
                                                     std::string_view filter_by, double frac_noise,
                                                     nb::handle num_to_remove_per_class,
                                                     int64_t min_examples_per_class,
                                                     nb::handle confident_joint, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelFilterOptions options = multilabel_filter_options(
      filter_by, frac_noise, num_to_remove_per_class, min_examples_per_class, confident_joint);
  MultilabelIssues found = call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return find_multilabel_issues(source, options);
  });
  return {to_mask(std::move(found.mask)), absent_present(found.joint.label_counts)};
}

Array<double> multilabel_quality_scores(nb::handle labels, nb::handle pred_probs,
                                        std::string_view method, bool adjust_pred_probs,
                                        std::string_view pooling, nb::handle alpha,
                                        double temperature, int num_threads) {
  const LabelSets given(labels);
  const Matrix matrix(pred_probs);
  MultilabelScoreOptions options;
  options.method = named(method_from, method, "scoring method");
  options.adjust_pred_probs = adjust_pred_probs;
  options.pooling.pooling = named(pooling_from, pooling, "way to pool scores");
  options.pooling.alpha.reset();
  if (!alpha.is_none()) options.pooling.alpha = nb::cast<double>(alpha);
  options.pooling.temperature = temperature;
  return to_array(call(num_threads, [&](const Execution& execution) {
    MultilabelMemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return multilabel_quality_scores(source, options);
  }));
}

}  // namespace

void bind_multilabel(nb::module_& m) {
  m.def("multilabel_confident_joint", &joint, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("thresholds") = nb::none(), nb::arg("num_threads") = 0);
  m.def("calibrate_multilabel_joint", &calibrated, nb::arg("joints"), nb::arg("label_counts"));
  m.def("estimate_multilabel_joint", &estimated, nb::arg("calibrated_joints"));
  m.def("find_multilabel_issues", &label_issues, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise") = 1.0,
        nb::arg("num_to_remove_per_class") = nb::none(), nb::arg("min_examples_per_class") = 1,
        nb::arg("confident_joint") = nb::none(), nb::arg("num_threads") = 0);
  m.def("multilabel_quality_scores", &multilabel_quality_scores, nb::arg("labels"),
        nb::arg("pred_probs"), nb::arg("method") = "self_confidence",
        nb::arg("adjust_pred_probs") = false, nb::arg("pooling") = "exponential_moving_average",
        nb::arg("alpha").none() = 0.8, nb::arg("temperature") = 0.1, nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
