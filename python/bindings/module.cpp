// The extension module labelsieve._core. The pure Python files beside it are its only user.
#include <nanobind/stl/string_view.h>

#include <exception>

#include "bindings.h"
#include "labelsieve/error.h"
#include "labelsieve/version.h"

namespace labelsieve::python {
namespace {

/// Errors of the library become the built-in exceptions that people expect.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    PyObject* type = error.code() == ErrorCode::kIo ? PyExc_OSError : PyExc_ValueError;
    PyErr_SetString(type, error.what());
  }
}

}  // namespace
}  // namespace labelsieve::python

NB_MODULE(_core, m) {
  using namespace labelsieve::python;
  m.doc() = "The engine of labelsieve; the modules of the package are its interface.";
  nb::register_exception_translator(translate);
  m.attr("version") = nb::str(labelsieve::kVersion.data(), labelsieve::kVersion.size());
  m.def("active_isa", &labelsieve::active_isa);
  bind_arrow(m);
  bind_examples(m);
  bind_rank(m);
  bind_count(m);
  bind_latent(m);
  bind_filter(m);
  bind_health(m);
  bind_multilabel(m);
  bind_multilabel_classes(m);
  bind_token_classification(m);
  bind_issues(m);
  bind_token_errors(m);
  bind_token_tables(m);
  bind_multilabel_issues(m);
}
