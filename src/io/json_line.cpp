#include <algorithm>
#include <array>

#include "io/json_rows.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

/// The line with NaN, Infinity and -Infinity outside strings replaced by null.
std::string without_non_finite(std::string_view line) {
  constexpr std::array<std::string_view, 3> kWords = {"-Infinity", "Infinity", "NaN"};
  std::string out;
  bool in_string = false;
  for (size_t i = 0; i < line.size(); ++i) {
    if (in_string && line[i] == '\\' && i + 1 < line.size()) {
      out += line[i++];
    } else if (line[i] == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      const auto word = std::find_if(kWords.begin(), kWords.end(), [&](std::string_view candidate) {
        return line.substr(i, candidate.size()) == candidate;
      });
      if (word != kWords.end()) {
        out += "null";
        i += word->size() - 1;
        continue;
      }
    }
    out += line[i];
  }
  return out;
}

}  // namespace

std::string_view take_line(std::string_view& text) {
  const size_t end = text.find('\n');
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
  return line;
}

bool is_blank(std::string_view line) {
  return line.find_first_not_of(" \t\r") == std::string_view::npos;
}

simdjson::dom::element JsonLineParser::parse_element(std::string_view line, int64_t number) {
  const auto left = static_cast<size_t>(text_end_ - line.data()) - line.size();
  const bool padded = left >= simdjson::SIMDJSON_PADDING;
  if (!padded) copy_ = simdjson::padded_string(line);
  const char* const data = padded ? line.data() : copy_.data();
  simdjson::dom::element element;
  auto error = parser_.parse(data, line.size(), false).get(element);
  if (error != simdjson::SUCCESS) {
    const std::string repaired = without_non_finite(line);
    if (repaired != line) {
      copy_ = simdjson::padded_string(repaired);
      error = parser_.parse(copy_.data(), copy_.size(), false).get(element);
    }
  }
  if (error != simdjson::SUCCESS) {
    throw Error(ErrorCode::kInvalidData,
                std::string("the line is no JSON: ") + simdjson::error_message(error) +
                    "; each line must be one object",
                {.file = file_, .line = number});
  }
  return element;
}

simdjson::dom::object JsonLineParser::parse(std::string_view line, int64_t number) {
  simdjson::dom::object object;
  if (parse_element(line, number).get_object().get(object) != simdjson::SUCCESS) {
    throw Error(ErrorCode::kInvalidData,
                "the line is not a JSON object; each line must be one, as in {\"label\": \"cat\", "
                "\"probs\": [0.1, 0.9]}",
                {.file = file_, .line = number});
  }
  check_keys(object, number);
  return object;
}

void JsonLineParser::check_keys(const simdjson::dom::object& object, int64_t number) {
  keys_.clear();
  for (const auto& field : object) keys_.push_back(field.key);
  std::sort(keys_.begin(), keys_.end());
  const auto twice = std::adjacent_find(keys_.begin(), keys_.end());
  if (twice == keys_.end()) return;
  throw Error(
      ErrorCode::kInvalidData,
      "the key " + quoted_text(*twice) + " stands twice; it is unclear which value is meant",
      {.file = file_, .line = number});
}

}  // namespace labelsieve::io
