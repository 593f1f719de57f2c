// The values of flags: numbers, words out of a list, lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "labelsieve/error.h"

namespace labelsieve::cli {

/// Throws Error{kInvalidArgument}: "--top: "x" is not a whole number of 0 or more".
[[noreturn]] void refuse_value(std::string_view flag_name, const std::string& message);

/// The whole text as a number, or nothing.
std::optional<double> number_from(std::string_view text);
std::optional<int64_t> integer_from(std::string_view text);

/// Throw Error{kInvalidArgument} when the text is no such number.
double parse_number(std::string_view flag_name, std::string_view text, double low, double high);
int64_t parse_integer(std::string_view flag_name, std::string_view text, int64_t low);

/// Items between commas; an item that holds a comma is quoted as in CSV.
std::vector<std::string> split_list(std::string_view text);

/// A word as a shell takes it, in quotes where it needs them.
std::string shell_quoted(std::string_view word);

/// a, b, c
std::string joined(const std::vector<std::string_view>& words);

}  // namespace labelsieve::cli
