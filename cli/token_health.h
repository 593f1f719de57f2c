// labelsieve health on tokens.
#pragma once

#include "token_input.h"

namespace labelsieve::cli {

/// As for classification, and what is wrong most often: words, and labels in place of others.
int run_token_health(Context& context, TokenInput& input);

}  // namespace labelsieve::cli
