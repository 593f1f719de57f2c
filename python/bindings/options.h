// Options that Python gives by name.
#pragma once

#include <string>
#include <string_view>

#include "labelsieve/error.h"
#include "labelsieve/names.h"
#include "labelsieve/rank.h"

namespace labelsieve::python {

/// The value that `find` (as method_from of names.h) has for a name. Throws Error{kInvalidArgument}
/// that says `name` is no `what`.
template <class Find>
auto named(const Find& find, std::string_view name, std::string_view what) {
  if (const auto value = find(name)) return *value;
  throw Error(ErrorCode::kInvalidArgument,
              std::string(name) + " is not a valid " + std::string(what));
}

/// How to score, by the name of the method.
inline ScoreOptions score_options(std::string_view method, bool adjust_pred_probs) {
  ScoreOptions options;
  options.method = named(method_from, method, "scoring method");
  options.adjust_pred_probs = adjust_pred_probs;
  return options;
}

}  // namespace labelsieve::python
