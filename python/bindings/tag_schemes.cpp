// Tags and what their schemes allow.
#include "labelsieve/tag_scheme.h"

#include <nanobind/nanobind.h>
#include <nanobind/stl/optional.h>
#include <nanobind/stl/pair.h>
#include <nanobind/stl/string.h>
#include <nanobind/stl/string_view.h>
#include <nanobind/stl/tuple.h>
#include <nanobind/stl/vector.h>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "bindings.h"
#include "call.h"
#include "labelsieve/names.h"
#include "options.h"
#include "views.h"

namespace labelsieve::python {
namespace {

/// The types of spans that tags have.
std::vector<std::string> types_of(const std::vector<std::string>& class_names,
                                  std::string_view scheme) {
  return TagSet(class_names, named(tag_scheme_from, scheme, "scheme of tags")).types();
}

/// (sentence, token, fault, given label, suggested label or -1).
using IllegalTag = std::tuple<int64_t, int64_t, std::string, int32_t, int32_t>;

/// (illegal tags in their order, scheme); labels of -1 are left out.
std::pair<std::vector<IllegalTag>, std::string> illegal_tags(
    nb::handle labels, nb::handle offsets, const std::vector<std::string>& class_names,
    const std::optional<std::string>& scheme) {
  const Integers given(labels);
  LabelsView view = given.view();
  view.ignore_label = -1;
  const std::vector<int64_t> bounds = integers(offsets);
  return call(0, [&](const Execution&) {
    const Sentences sentences(bounds);
    const TagScheme known = scheme ? named(tag_scheme_from, *scheme, "scheme of tags")
                                   : detect_tag_scheme(class_names, view, sentences);
    std::vector<IllegalTag> rows;
    for (const TagIssue& issue : find_illegal_tags(TagSet(class_names, known), view, sentences)) {
      rows.emplace_back(issue.position.sentence, issue.position.token,
                        std::string(to_string(issue.fault)), issue.given_label,
                        issue.suggested_label);
    }
    return std::pair(std::move(rows), std::string(to_string(known)));
  });
}

}  // namespace

void bind_tag_schemes(nb::module_& m) {
  m.def("tag_types", &types_of, nb::arg("class_names"), nb::arg("scheme"));
  m.def("find_illegal_tags", &illegal_tags, nb::arg("labels"), nb::arg("offsets"),
        nb::arg("class_names"), nb::arg("scheme").none());
}

}  // namespace labelsieve::python
