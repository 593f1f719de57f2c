// Numbers in text.
#pragma once

#include <fast_float/fast_float.h>

#include <cstdint>
#include <optional>
#include <string_view>

#include "io/plain_decimal.h"

namespace labelsieve::io {

/// Without the spaces and tabs around it.
inline std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

/// Reads the number that begins at `begin` and gives its end; `begin` itself if there is none.
/// Numbers beyond the range of double become infinite or 0, as in Python.
inline const char* parse_number_at(const char* begin, const char* end, double& value) {
  if (kHasPlainDecimals && end - begin >= kPlainDecimalBytes) {
    if (const char* const stop = parse_plain_decimal(begin, value)) return stop;
  }
  const auto parsed = fast_float::from_chars(begin, end, value);
  return parsed.ec == std::errc() ? parsed.ptr : begin;
}

/// The number that a whole cell is, spaces and a plus sign before it allowed; nan and inf too.
std::optional<double> parse_number(std::string_view text);

/// The integer that a whole cell is, a zero fraction ("3.0") allowed.
std::optional<int64_t> parse_integer(std::string_view text);

}  // namespace labelsieve::io
