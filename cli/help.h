// --help, made from the flag table.
#pragma once

#include <string>
#include <string_view>

#include "flags.h"

namespace labelsieve::cli {

/// `labelsieve --help`, for a terminal of that many columns.
std::string main_help(int width);

/// `labelsieve find --help`.
std::string subcommand_help(Subcommand subcommand, int width);

/// Words that are not in the flag table: `labelsieve completion SHELL`, `labelsieve man`.
inline constexpr std::string_view kShells[] = {"bash", "zsh", "fish"};

/// "-o, --output FILE"
std::string signature(const Flag& flag);

/// What the flag does, its choices and its default, in one paragraph.
std::string explanation(const Flag& flag);

}  // namespace labelsieve::cli
