// Values of flags that are words out of a list.
#pragma once

#include <fmt/format.h>

#include <string>
#include <string_view>

#include "parse.h"
#include "values.h"

namespace labelsieve::cli {

/// The value of a flag whose words are an enumeration of the library.
template <class Enum, class FromName>
void set_choice(const Arguments& arguments, std::string_view flag_name, FromName from_name,
                Enum& target) {
  if (!arguments.has(flag_name)) return;
  const std::string& word = arguments.value(flag_name);
  const auto value = from_name(word);
  if (!value) {
    refuse_value(flag_name, fmt::format("\"{}\" is not one of {}", word,
                                        joined(split_choices(flag(flag_name).choices))));
  }
  target = *value;
}

}  // namespace labelsieve::cli
