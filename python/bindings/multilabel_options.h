// Options of multi-label data as Python gives them.
#pragma once

#include <nanobind/nanobind.h>

#include <cstring>
#include <string>
#include <string_view>
#include <vector>

#include "labelsieve/error.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/multilabel_count.h"
#include "labelsieve/names.h"
#include "options.h"
#include "views.h"

namespace labelsieve::python {

/// The elements of (K,2) or (K,2,2) numbers, which lie as those of the vector do.
template <class Element, class T>
std::vector<Element> regrouped(const std::vector<T>& values) {
  static_assert(sizeof(Element) % sizeof(T) == 0);
  if (values.size() % (sizeof(Element) / sizeof(T)) != 0) {
    throw Error(ErrorCode::kInvalidArgument,
                "expected " + std::to_string(sizeof(Element) / sizeof(T)) + " numbers a class");
  }
  std::vector<Element> elements(values.size() * sizeof(T) / sizeof(Element));
  if (!values.empty()) std::memcpy(elements.data(), values.data(), values.size() * sizeof(T));
  return elements;
}

/// The options of the filters; the arrays may be None.
inline MultilabelFilterOptions multilabel_filter_options(std::string_view filter_by,
                                                         double frac_noise,
                                                         nanobind::handle num_to_remove_per_class,
                                                         int64_t min_examples_per_class,
                                                         nanobind::handle confident_joint) {
  MultilabelFilterOptions options;
  options.filter_by = named(filter_by_from, filter_by, "filter");
  options.frac_noise = frac_noise;
  options.min_examples_per_class = min_examples_per_class;
  if (!num_to_remove_per_class.is_none()) {
    options.num_to_remove_per_class = integers(num_to_remove_per_class);
  }
  if (!confident_joint.is_none()) {
    options.confident_joint = regrouped<BinaryMatrix<double>>(doubles(confident_joint));
  }
  return options;
}

}  // namespace labelsieve::python
