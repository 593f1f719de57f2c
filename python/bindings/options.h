// Options that Python gives by name.
#pragma once

#include <string>
#include <string_view>

#include "labelsieve/error.h"

namespace labelsieve::python {

/// The value that `find` (as method_from of names.h) has for a name. Throws Error{kInvalidArgument}
/// that says `name` is no `what`.
template <class Find>
auto named(const Find& find, std::string_view name, std::string_view what) {
  if (const auto value = find(name)) return *value;
  throw Error(ErrorCode::kInvalidArgument,
              std::string(name) + " is not a valid " + std::string(what));
}

}  // namespace labelsieve::python
