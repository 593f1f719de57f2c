// Which examples are label issues.
#include "labelsieve/filter.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>

#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/names.h"
#include "options.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

/// (mask, number of examples with each given label).
std::tuple<Array<bool>, Array<int64_t>> label_issues(nb::handle labels, nb::handle pred_probs,
                                                     std::string_view filter_by, double frac_noise,
                                                     nb::handle num_to_remove_per_class,
                                                     int64_t min_examples_per_class,
                                                     nb::handle confident_joint, int num_threads) {
  const Integers given(labels);
  const Matrix matrix(pred_probs);
  FilterOptions options;
  options.filter_by = named(filter_by_from, filter_by, "filter");
  options.frac_noise = frac_noise;
  options.min_examples_per_class = min_examples_per_class;
  if (!num_to_remove_per_class.is_none()) {
    options.num_to_remove_per_class = integers(num_to_remove_per_class);
  }
  if (!confident_joint.is_none()) options.confident_joint = square_matrix(confident_joint);
  LabelIssues found = call(num_threads, [&](const Execution& execution) {
    MemorySource source(given.view(), matrix.view());
    options.execution = execution;
    return find_label_issues(source, options);
  });
  return {to_mask(std::move(found.mask)), to_array(std::move(found.joint.label_counts))};
}

}  // namespace

void bind_filter(nb::module_& m) {
  m.def("find_label_issues", &label_issues, nb::arg("labels"), nb::arg("pred_probs"),
        nb::arg("filter_by"), nb::arg("frac_noise") = 1.0,
        nb::arg("num_to_remove_per_class") = nb::none(), nb::arg("min_examples_per_class") = 1,
        nb::arg("confident_joint") = nb::none(), nb::arg("num_threads") = 0);
}

}  // namespace labelsieve::python
