#include "io/number.h"

#include <algorithm>
#include <charconv>
#include <cmath>

namespace labelsieve::io {
namespace {

/// "+1" is a number to people and to Python, but not to the parsers.
std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

std::optional<double> parse_number(std::string_view text) {
  text = without_plus(trimmed(text));
  if (text.empty()) return {};
  double value = 0;
  const char* const end = text.data() + text.size();
  if (parse_number_at(text.data(), end, value) != end) return {};
  return value;
}

std::optional<int64_t> parse_integer(std::string_view text) {
  text = without_plus(trimmed(text));
  int64_t value = 0;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, value);
  if (parsed.ec == std::errc() && parsed.ptr == end) return value;
  const auto number = parse_number(text);
  // Beyond 2^53 a floating-point number does not name one integer; nan fails here too.
  if (!number || !(std::abs(*number) <= 0x1p53) || *number != std::floor(*number)) return {};
  return static_cast<int64_t>(*number);
}

}  // namespace labelsieve::io
