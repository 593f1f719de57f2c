#include "multilabel_examples.h"

#include <nanobind/stl/unique_ptr.h>

#include <memory>
#include <span>

#include "bindings.h"
#include "labelsieve/error.h"

namespace labelsieve::python {

MultilabelArrays::MultilabelArrays(nb::handle labels, nb::handle pred_probs, nb::handle ignored)
    : labels_(labels), matrix_(pred_probs) {
  LabelSetsView sets = labels_.view();
  if (!ignored.is_none()) {
    const std::span<const uint8_t> marks = bytes_of(ignored_.emplace(ignored));
    if (static_cast<int64_t>(marks.size()) != sets.rows()) {
      throw Error(ErrorCode::kInvalidArgument, "there is not one mark for each example");
    }
    sets.ignored = marks.data();
  }
  source_.emplace(sets, matrix_.view());
}

namespace {

std::unique_ptr<MultilabelExamples> arrays(nb::handle labels, nb::handle pred_probs,
                                           nb::handle ignored) {
  return std::make_unique<MultilabelArrays>(labels, pred_probs, ignored);
}

std::unique_ptr<MultilabelExamples> batches(const Start& start, int64_t num_classes) {
  return std::make_unique<MultilabelBatches>(start, num_classes);
}

}  // namespace

void bind_multilabel_examples(nb::module_& m) {
  nb::class_<MultilabelExamples>(m, "MultilabelExamples");
  m.def("multilabel_examples", &arrays, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("ignored").none());
  m.def("multilabel_batches", &batches, nb::arg("start"), nb::arg("num_classes"));
}

}  // namespace labelsieve::python
