#include "values.h"

#include <fmt/format.h>

#include <charconv>

namespace labelsieve::cli {
namespace {

template <class T>
std::optional<T> from_text(std::string_view text) {
  T value{};
  const char* const end = text.data() + text.size();
  const auto [parsed_to, error] = std::from_chars(text.data(), end, value);
  if (error != std::errc{} || parsed_to != end) return std::nullopt;
  return value;
}

}  // namespace

void refuse_value(std::string_view flag_name, const std::string& message) {
  throw Error(ErrorCode::kInvalidArgument, fmt::format("{}: {}", flag_name, message));
}

std::optional<double> number_from(std::string_view text) { return from_text<double>(text); }

std::optional<int64_t> integer_from(std::string_view text) { return from_text<int64_t>(text); }

double parse_number(std::string_view flag_name, std::string_view text, double low, double high) {
  const std::optional<double> value = number_from(text);
  if (!value || !(*value >= low && *value <= high)) {
    refuse_value(flag_name, fmt::format("\"{}\" is not a number from {} to {}", text, low, high));
  }
  return *value;
}

int64_t parse_integer(std::string_view flag_name, std::string_view text, int64_t low) {
  const std::optional<int64_t> value = integer_from(text);
  if (!value || *value < low) {
    refuse_value(flag_name, fmt::format("\"{}\" is not a whole number of {} or more", text, low));
  }
  return *value;
}

std::vector<std::string> split_list(std::string_view text) {
  std::vector<std::string> items(1);
  bool quoted = false;
  for (size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (quoted && c == '"' && i + 1 < text.size() && text[i + 1] == '"') {
      items.back() += '"';
      ++i;
    } else if (c == '"' && (quoted || items.back().empty())) {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      items.emplace_back();
    } else {
      items.back() += c;
    }
  }
  return items;
}

std::string shell_quoted(std::string_view word) {
  constexpr std::string_view kPlain =
      "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-./";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string_view::npos) {
    return std::string(word);
  }
  std::string quoted = "'";
  for (const char c : word) quoted += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return quoted + "'";
}

std::string joined(const std::vector<std::string_view>& words) {
  std::string text;
  for (const std::string_view word : words) {
    if (!text.empty()) text += ", ";
    text += word;
  }
  return text;
}

}  // namespace labelsieve::cli
