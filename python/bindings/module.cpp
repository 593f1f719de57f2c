// The extension module labelsieve._core. The pure Python files beside it are its only user.
#include <exception>
#include <string>

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
  m.attr("__version__") = std::string(labelsieve::kVersion).c_str();
  m.def("active_isa", [] { return std::string(labelsieve::active_isa()).c_str(); });
  bind_rank(m);
}
