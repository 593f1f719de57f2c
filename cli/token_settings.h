// The options of token data, from the flags.
#pragma once

#include <nlohmann/json_fwd.hpp>

#include "settings.h"

namespace labelsieve::cli {

/// Sets `settings.tokens`, the rest being set already. Throws Error{kInvalidArgument}.
void set_token_settings(const Arguments& arguments, Settings& settings);

/// Those that change the answer, under the names of the flags.
void token_options_to_json(const Settings& settings, nlohmann::ordered_json& options);

/// "token", "sentence", "span", "transition"
std::string_view to_string(By by);

}  // namespace labelsieve::cli
