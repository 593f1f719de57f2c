// Dataset health: columns of the tables of dataset.py.
#include "labelsieve/health.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/tuple.h>

#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "results.h"
#include "views.h"

namespace labelsieve::python {
namespace {

using Integers32 = Array<int32_t>;
using Integers64 = Array<int64_t>;
using Doubles = Array<double>;

/// (label, label issues, inverse label issues, label noise, inverse label noise, label quality).
std::tuple<Integers32, Integers64, Integers64, Doubles, Doubles, Doubles> classes_by_quality(
    nb::handle joint, int64_t num_examples) {
  const auto dense = square_matrix(joint);
  const std::vector<int64_t> counts(static_cast<size_t>(dense.size));
  const auto rows = rank_classes_by_label_quality(dense, counts, num_examples);
  return {column(rows, &ClassQuality::label),
          column(rows, &ClassQuality::label_issues),
          column(rows, &ClassQuality::inverse_label_issues),
          column(rows, &ClassQuality::label_noise),
          column(rows, &ClassQuality::inverse_label_noise),
          column(rows, &ClassQuality::label_quality_score)};
}

/// (class a, class b, number of overlapping examples, joint probability).
std::tuple<Integers32, Integers32, Integers64, Doubles> overlapping_classes(nb::handle joint,
                                                                            int64_t num_examples,
                                                                            bool asymmetric) {
  const auto rows =
      find_overlapping_classes(square_matrix(joint), num_examples, {asymmetric, true});
  return {column(rows, &ClassOverlap::class_a), column(rows, &ClassOverlap::class_b),
          column(rows, &ClassOverlap::num_overlapping),
          column(rows, &ClassOverlap::joint_probability)};
}

}  // namespace

void bind_health(nb::module_& m) {
  m.def("rank_classes_by_label_quality", &classes_by_quality, nb::arg("joint"),
        nb::arg("num_examples"));
  m.def("find_overlapping_classes", &overlapping_classes, nb::arg("joint"), nb::arg("num_examples"),
        nb::arg("asymmetric"));
}

}  // namespace labelsieve::python
