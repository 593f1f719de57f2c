#include "io/number.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/decimal.h"

namespace labelsieve::io {
namespace {

/// The value of a number that is too large or too small for double: the decimal position of its
/// first digit that is not 0 decides.
double out_of_range_value(std::string_view text) {
  const bool negative = text[0] == '-';
  if (negative) text.remove_prefix(1);
  const size_t exponent_at = std::min(text.find_first_of("eE"), text.size());
  const std::string_view digits = text.substr(0, exponent_at);
  const auto point = static_cast<int64_t>(std::min(digits.find('.'), digits.size()));
  const auto first =
      static_cast<int64_t>(std::min(digits.find_first_of("123456789"), digits.size()));
  std::string_view exponent_text = text.substr(std::min(exponent_at + 1, text.size()));
  if (!exponent_text.empty() && exponent_text[0] == '+') exponent_text.remove_prefix(1);
  int64_t exponent = 0;
  const auto parsed =
      std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
  if (parsed.ec == std::errc::result_out_of_range) {
    exponent = exponent_text[0] == '-' ? std::numeric_limits<int32_t>::min()
                                       : std::numeric_limits<int32_t>::max();
  }
  exponent = std::clamp<int64_t>(exponent, std::numeric_limits<int32_t>::min(),
                                 std::numeric_limits<int32_t>::max());
  const bool huge = point - first + exponent > 0;
  const double magnitude = huge ? std::numeric_limits<double>::infinity() : 0.0;
  return negative ? -magnitude : magnitude;
}

/// "+1" is a number to people and to Python, but not to std::from_chars.
std::string_view without_plus(std::string_view text) {
  if (text.size() > 1 && text[0] == '+' && text[1] != '-') text.remove_prefix(1);
  return text;
}

}  // namespace

std::string_view trimmed(std::string_view text) {
  while (!text.empty() && (text.front() == ' ' || text.front() == '\t')) text.remove_prefix(1);
  while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
  return text;
}

const char* parse_number_at(const char* begin, const char* end, double& value) {
  if (const char* const simple = parse_decimal(begin, end, value)) return simple;
  const auto [stop, error] = std::from_chars(begin, end, value);
  if (error == std::errc()) return stop;
  if (error != std::errc::result_out_of_range) return begin;
  value = out_of_range_value({begin, static_cast<size_t>(stop - begin)});
  return stop;
}

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
