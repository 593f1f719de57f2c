// How options that make no sense are turned down.
#pragma once

#include <string>

#include "labelsieve/error.h"

namespace labelsieve {

/// Throws Error{kInvalidArgument}.
[[noreturn]] inline void refuse_argument(const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, message);
}

}  // namespace labelsieve
