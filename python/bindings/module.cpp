// The extension module labelsieve._core. The pure Python files beside it are its only user.
#include <nanobind/stl/string_view.h>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "bindings.h"
#include "labelsieve/error.h"
#include "labelsieve/version.h"

namespace labelsieve::python {
namespace {

/// What the library's messages call as the command's users know it, by its name here.
std::string in_python(std::string message) {
  constexpr std::pair<std::string_view, std::string_view> kNames[] = {
      {"--skip-invalid", "skip_invalid=True"}, {"--logits", "logits=True"}};
  for (const auto& [flag, keyword] : kNames) {
    const size_t place = message.find(flag);
    if (place != std::string::npos) message.replace(place, flag.size(), keyword);
  }
  return message;
}

/// Errors of the library become the built-in exceptions that people expect.
void translate(const std::exception_ptr& thrown, void*) {
  try {
    std::rethrow_exception(thrown);
  } catch (const Error& error) {
    PyObject* type = error.code() == ErrorCode::kIo ? PyExc_OSError : PyExc_ValueError;
    PyErr_SetString(type, in_python(error.what()).c_str());
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
  bind_tag_schemes(m);
  bind_token_tables(m);
  bind_multilabel_examples(m);
  bind_multilabel_issues(m);
}
