// What every file of bindings has: one function a station that adds its functions to the module.
//
// A binding views its arguments (views.h), calls the library once without the interpreter's lock
// (call.h), and hands over what it owns (results.h). It checks nothing that the library checks, and
// does no mathematics.
#pragma once

#include <nanobind/nanobind.h>

namespace labelsieve::python {

namespace nb = nanobind;

void bind_arrow(nb::module_& m);
void bind_examples(nb::module_& m);
void bind_rank(nb::module_& m);
void bind_count(nb::module_& m);
void bind_latent(nb::module_& m);
void bind_filter(nb::module_& m);
void bind_health(nb::module_& m);
void bind_multilabel(nb::module_& m);
void bind_multilabel_classes(nb::module_& m);
void bind_token_classification(nb::module_& m);
void bind_issues(nb::module_& m);
void bind_token_errors(nb::module_& m);
void bind_tag_schemes(nb::module_& m);
void bind_token_tables(nb::module_& m);
void bind_multilabel_examples(nb::module_& m);
void bind_multilabel_issues(nb::module_& m);

}  // namespace labelsieve::python
