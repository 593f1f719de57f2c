// From argv to the flags that were given, by the flag table; nothing is interpreted yet.
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "flags.h"

namespace labelsieve::cli {

/// The flags of one subcommand as they were given.
class Arguments {
 public:
  /// A switch: was it given?
  bool has(std::string_view flag_name) const { return !values(flag_name).empty(); }

  /// The value of a flag that is given at most once; empty when it was not given.
  const std::string& value(std::string_view flag_name) const;

  /// All values of a flag in the order given.
  const std::vector<std::string>& values(std::string_view flag_name) const;

  std::vector<std::string>& at(std::string_view flag_name) { return values_[flag_name]; }

 private:
  std::map<std::string_view, std::vector<std::string>> values_;
};

/// Parses what follows the subcommand's name. Throws Error{kInvalidArgument} for an unknown flag
/// (with the nearest one there is), a missing value, or a flag given twice.
Arguments parse_arguments(Subcommand subcommand, const std::vector<std::string>& words);

/// The candidate nearest to a mistyped word, or empty when none is near.
std::string_view nearest(std::string_view word, const std::vector<std::string_view>& candidates);

}  // namespace labelsieve::cli
