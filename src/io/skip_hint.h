// What a message about a row that cannot be used ends with.
#pragma once

namespace labelsieve::io {

inline constexpr const char* kSkipHint = "; correct it, or leave such rows out with --skip-invalid";

}  // namespace labelsieve::io
