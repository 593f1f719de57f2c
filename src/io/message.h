// Pieces of error messages: data quoted so that a message stays one short line.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace labelsieve::io {

/// The text in double quotes, control characters escaped, shortened to some 40 bytes.
std::string quoted_text(std::string_view text);

/// "cat, dog, bird", or the first few and "… (1000 in all)".
std::string list_of(const std::vector<std::string>& names);

/// "1 row", "12 rows".
std::string count_of(int64_t count, std::string_view noun);

/// Throws Error{kInvalidData} that names the file.
[[noreturn]] void refuse_file(const std::string& file, const std::string& message);

}  // namespace labelsieve::io
