// labelsieve inspect on tags without probabilities.
#pragma once

#include "token_input.h"

namespace labelsieve::cli {

int inspect_tags(Context& context, const TokenInput& input);

}  // namespace labelsieve::cli
