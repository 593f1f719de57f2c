// Shell completions, made from the flag table.
#pragma once

#include <string>
#include <string_view>

namespace labelsieve::cli {

/// A script for bash, zsh or fish. Throws Error{kInvalidArgument} for another shell.
std::string completion_script(std::string_view shell);

/// The manual page in roff.
std::string man_page();

}  // namespace labelsieve::cli
