// Class names from the bytes of a file.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace labelsieve::io {

/// One name a line, or a JSON array of strings. Throws Error{kInvalidData} as read_class_names.
std::vector<std::string> parse_class_names(std::string_view bytes, const std::string& file);

}  // namespace labelsieve::io
