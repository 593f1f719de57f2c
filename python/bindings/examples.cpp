#include "examples.h"

#include <nanobind/ndarray.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/unique_ptr.h>
#include <nanobind/stl/vector.h>

#include <utility>

#include "bindings.h"
#include "call.h"
#include "labelsieve/prepare.h"
#include "results.h"

namespace labelsieve::python {

ArrayExamples::ArrayExamples(nb::handle labels, const ObjectList& pred_probs,
                             std::optional<int64_t> ignore_label, std::vector<double> weights)
    : labels_(labels) {
  pred_probs_.reserve(pred_probs.size());
  for (const nb::handle matrix : pred_probs) pred_probs_.emplace_back(matrix);
  LabelsView given = labels_.view();
  given.ignore_label = ignore_label;
  if (pred_probs_.size() == 1) {
    source_ = std::make_unique<MemorySource>(given, pred_probs_.front().view());
    return;
  }
  ensemble_ = Ensemble{given, {}, std::move(weights)};
  for (const Matrix& matrix : pred_probs_) ensemble_->pred_probs.push_back(matrix.view());
  source_ = std::make_unique<AveragedSource>(given, ensemble_->pred_probs, ensemble_->weights);
}

namespace {

std::unique_ptr<Examples> array_examples(nb::handle labels, const ObjectList& pred_probs,
                                         std::optional<int64_t> ignore_label,
                                         std::vector<double> weights) {
  return std::make_unique<ArrayExamples>(labels, pred_probs, ignore_label, std::move(weights));
}

std::unique_ptr<Examples> batch_examples(const Start& start, int64_t num_classes,
                                         std::optional<int64_t> ignore_label, int64_t num_rows) {
  return std::make_unique<BatchExamples>(start, num_classes, ignore_label, num_rows);
}

/// An array over a matrix in double precision, row-major.
Array<double> shared_matrix(const PreparedProbabilities& prepared) {
  auto owner = std::make_unique<std::shared_ptr<const void>>(prepared.owner);
  const nb::capsule capsule(owner.get(), [](void* memory) noexcept {
    delete static_cast<std::shared_ptr<const void>*>(memory);
  });
  owner.release();
  auto* const data = const_cast<void*>(prepared.view.data);
  return Array<double>(
      data, {static_cast<size_t>(prepared.view.rows), static_cast<size_t>(prepared.view.columns)},
      capsule);
}

/// (probabilities in double precision, or None where those given are, rows to leave out or None).
std::pair<std::optional<Array<double>>, std::optional<Array<bool>>> prepare(
    nb::handle pred_probs, bool logits, bool multilabel, bool skip_invalid, nb::handle ignored,
    int num_threads) {
  const Matrix matrix(pred_probs);
  std::optional<Buffer> marks;
  PrepareOptions options{.logits = logits, .multilabel = multilabel, .skip_invalid = skip_invalid};
  if (!ignored.is_none()) {
    marks.emplace(ignored);
    options.ignored = bytes_of(*marks);
  }
  PreparedProbabilities prepared = call(num_threads, [&](const Execution& execution) {
    options.execution = execution;
    return prepare_pred_probs(matrix.view(), options);
  });
  std::pair<std::optional<Array<double>>, std::optional<Array<bool>>> result;
  if (prepared.owner != nullptr) result.first = shared_matrix(prepared);
  if (skip_invalid) result.second = to_mask(std::move(prepared.invalid));
  return result;
}

}  // namespace

void bind_examples(nb::module_& m) {
  nb::class_<Examples>(m, "Examples");
  m.def("array_examples", &array_examples, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignore_label").none(), nb::arg("weights"));
  m.def("batch_examples", &batch_examples, nb::arg("start"), nb::arg("num_classes"),
        nb::arg("ignore_label").none(), nb::arg("num_rows") = -1);
  m.def("prepare_pred_probs", &prepare, nb::arg("pred_probs"), nb::arg("logits"),
        nb::arg("multilabel"), nb::arg("skip_invalid"), nb::arg("ignored").none(),
        nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
