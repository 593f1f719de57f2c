#include "label_sets.h"

#include <string>

#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

[[noreturn]] void refuse(Py_ssize_t example) {
  PyErr_Clear();
  ErrorLocation location;
  location.row = example;
  throw Error(ErrorCode::kInvalidArgument,
              "wrong format for labels: each example has a list of the indices of its classes",
              location);
}

}  // namespace

LabelSets::LabelSets(nanobind::handle labels) {
  if (PyObject_CheckBuffer(labels.ptr())) {
    matrix_.emplace(labels, 2);
  } else if (PyTuple_Check(labels.ptr()) && PyTuple_GET_SIZE(labels.ptr()) == 2) {
    given_offsets_.emplace(PyTuple_GET_ITEM(labels.ptr(), 0));
    given_classes_.emplace(PyTuple_GET_ITEM(labels.ptr(), 1));
  } else {
    copy_sets(labels);
  }
}

LabelSetsView LabelSets::view() const {
  if (matrix_) {
    return LabelSetsView::matrix(matrix_->view(), matrix_->rows(), matrix_->row_stride());
  }
  if (given_offsets_) return LabelSetsView::sets(given_offsets_->view(), given_classes_->view());
  return LabelSetsView::sets(LabelsView(offsets_.data(), static_cast<int64_t>(offsets_.size())),
                             LabelsView(classes_.data(), static_cast<int64_t>(classes_.size())));
}

void LabelSets::copy_sets(nanobind::handle list) {
  const nanobind::object sets =
      nanobind::steal(PySequence_Fast(list.ptr(), "labels must be a list of lists"));
  if (!sets.is_valid()) throw nanobind::python_error();
  const Py_ssize_t size = PySequence_Fast_GET_SIZE(sets.ptr());
  offsets_.reserve(static_cast<size_t>(size) + 1);
  offsets_.push_back(0);
  for (Py_ssize_t i = 0; i < size; ++i) {
    PyObject* element = PySequence_Fast_GET_ITEM(sets.ptr(), i);
    if (PyUnicode_Check(element)) refuse(i);
    const nanobind::object set = nanobind::steal(PySequence_Fast(element, ""));
    if (!set.is_valid()) refuse(i);
    const Py_ssize_t count = PySequence_Fast_GET_SIZE(set.ptr());
    for (Py_ssize_t j = 0; j < count; ++j) {
      // Through __index__, so that NumPy's integers are taken and floats are not.
      const Py_ssize_t label =
          PyNumber_AsSsize_t(PySequence_Fast_GET_ITEM(set.ptr(), j), PyExc_OverflowError);
      if (label == -1 && PyErr_Occurred()) refuse(i);
      classes_.push_back(static_cast<int64_t>(label));
    }
    offsets_.push_back(static_cast<int64_t>(classes_.size()));
  }
}

}  // namespace labelsieve::python
