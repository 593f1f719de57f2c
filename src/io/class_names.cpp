#include "io/class_names.h"

#include <simdjson.h>

#include "io/file_bytes.h"
#include "io/labels.h"
#include "labelsieve/error.h"
#include "labelsieve/read.h"

namespace labelsieve {
namespace io {
namespace {

std::vector<std::string> names_from_json(std::string_view bytes, const std::string& file) {
  simdjson::dom::parser parser;
  simdjson::dom::array array;
  const simdjson::padded_string padded(bytes);
  if (parser.parse(padded).get_array().get(array) != simdjson::SUCCESS) {
    throw Error(ErrorCode::kInvalidData,
                "the class names begin with [ but are no JSON array; write [\"cat\", \"dog\"], or "
                "one name a line",
                {.file = file});
  }
  std::vector<std::string> names;
  for (const simdjson::dom::element element : array) {
    std::string_view name;
    if (element.get_string().get(name) != simdjson::SUCCESS) {
      throw Error(ErrorCode::kInvalidData, "a class name is not a string; put it into quotes",
                  {.file = file});
    }
    names.emplace_back(name);
  }
  return names;
}

std::vector<std::string> names_from_lines(std::string_view bytes, const std::string& file) {
  std::vector<std::string> names;
  int64_t first_empty = -1;
  while (!bytes.empty()) {
    const size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
    if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
    names.emplace_back(line);
    if (line.empty() && first_empty < 0) first_empty = static_cast<int64_t>(names.size());
  }
  // Empty lines at the end are no names; anywhere else one is missing.
  while (!names.empty() && names.back().empty()) names.pop_back();
  if (first_empty > 0 && first_empty <= static_cast<int64_t>(names.size())) {
    throw Error(ErrorCode::kInvalidData, "the line is empty; give every class a name",
                {.file = file, .line = first_empty});
  }
  return names;
}

}  // namespace

std::vector<std::string> parse_class_names(std::string_view bytes, const std::string& file) {
  if (bytes.starts_with("\xEF\xBB\xBF")) bytes.remove_prefix(3);
  const size_t start = bytes.find_first_not_of(" \t\r\n");
  const bool json = start != std::string_view::npos && bytes[start] == '[';
  std::vector<std::string> names =
      json ? names_from_json(bytes, file) : names_from_lines(bytes, file);
  if (names.empty()) {
    throw Error(ErrorCode::kInvalidData, "there are no class names", {.file = file});
  }
  check_class_names(names, file);
  return names;
}

}  // namespace io

std::vector<std::string> read_class_names(const std::string& file) {
  const io::FileBytes bytes = io::open_file(file);
  return io::parse_class_names(bytes.bytes, file);
}

}  // namespace labelsieve
