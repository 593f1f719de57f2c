// The rows of a JSON lines file.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/json_probabilities.h"
#include "io/part.h"
#include "io/row_batch.h"

namespace labelsieve::io {

/// How to read each object of a file.
struct JsonLayout {
  TableShape shape;
  std::string label_key, id_key, text_key;  ///< Empty: none.
  JsonProbabilities probs;
  std::string set_separator;  ///< Between the labels of a set that is a string; empty: one label.
};

/// Parses lines as JSON objects.
class JsonLineParser {
 public:
  /// `text_end`: the end of the memory that lines lie in, for simdjson reads a little beyond a
  /// line.
  JsonLineParser(const std::string& file, const char* text_end)
      : file_(file), text_end_(text_end) {}

  /// The object in a line; valid until the next call. The words NaN and Infinity, which Python
  /// writes but JSON does not know, are read as null. Throws Error{kInvalidData} for what is no
  /// object, or one with a key that stands twice.
  simdjson::dom::object parse(std::string_view line, int64_t number);

 private:
  simdjson::dom::element parse_element(std::string_view line, int64_t number);
  void check_keys(const simdjson::dom::object& object, int64_t number);

  const std::string& file_;
  const char* text_end_;
  simdjson::dom::parser parser_;
  simdjson::padded_string copy_;
  std::vector<std::string_view> keys_;
};

/// An id or a text: strings as they are, null as nothing, other values as JSON.
std::string json_as_text(const simdjson::dom::element& value);

/// The next line of a text, without its newline; `text` loses both.
std::string_view take_line(std::string_view& text);
bool is_blank(std::string_view line);

/// Parses the objects of a piece into `batch`. Throws Error{kInvalidData} naming line and key.
void parse_json_rows(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
                     double* elements, RowBatch& batch);

}  // namespace labelsieve::io
