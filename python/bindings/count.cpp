// Thresholds, joints and what single rows say.
#include "labelsieve/count.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/tuple.h>

#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/guesses.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

/// (one threshold per class, the number of labels of each).
std::tuple<Array<double>, Array<int64_t>> thresholds(nb::handle labels, nb::handle pred_probs,
                                                     int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  const ThresholdAccumulator found = call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    ThresholdAccumulator sums(source.num_classes());
    for (Block block; source.next(block);) sums.add(block, execution);
    return sums;
  });
  return {to_array(found.thresholds()), to_array(std::vector<int64_t>(found.label_counts()))};
}

/// (raw counts, calibrated, number of issues off the diagonal).
std::tuple<Array<int64_t>, Array<int64_t>, int64_t> joint(nb::handle labels, nb::handle pred_probs,
                                                          nb::handle given_thresholds,
                                                          int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  ConfidentJointOptions options;
  if (!given_thresholds.is_none()) options.thresholds = doubles(given_thresholds);
  const ConfidentJoint found = call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return confident_joint(source, options);
  });
  return {to_array(found.counts), to_array(found.calibrated), found.num_off_diagonal};
}

Array<int64_t> calibrated(nb::handle joint, nb::handle label_counts) {
  const auto dense = square_matrix(joint);
  return to_array(calibrate_confident_joint(dense, integers(label_counts)));
}

int64_t issues_of_joint(nb::handle calibrated_joint, int64_t num_examples) {
  const auto dense = square_matrix(calibrated_joint);
  return num_label_issues(
      estimate_joint(dense.mapped<int64_t>([](double v) { return static_cast<int64_t>(v); })),
      num_examples);
}

Array<int32_t> predictions(nb::handle labels, nb::handle pred_probs, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  return to_array(call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    return predicted_labels(source, execution);
  }));
}

Array<int32_t> guesses(nb::handle labels, nb::handle pred_probs, nb::handle given_thresholds,
                       int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  ConfidentJointOptions options;
  if (!given_thresholds.is_none()) options.thresholds = doubles(given_thresholds);
  return to_array(call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return confident_guesses(source, options);
  }));
}

}  // namespace

void bind_count(nb::module_& m) {
  m.def("confident_thresholds", &thresholds, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("num_threads") = 0);
  m.def("confident_joint", &joint, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("thresholds") = nb::none(), nb::arg("num_threads") = 0);
  m.def("calibrate_confident_joint", &calibrated, nb::arg("joint"), nb::arg("label_counts"));
  m.def("num_label_issues", &issues_of_joint, nb::arg("calibrated_joint"), nb::arg("num_examples"));
  m.def("predicted_labels", &predictions, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("num_threads") = 0);
  m.def("confident_guesses", &guesses, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("thresholds") = nb::none(), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
