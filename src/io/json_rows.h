// The rows of a JSON lines file.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/part.h"
#include "io/row_batch.h"

namespace labelsieve::io {

/// How an object holds its probabilities.
enum class JsonForm : uint8_t {
  kNone,        ///< Not at all, or they are not wanted.
  kKeys,        ///< One key a class: {"p_cat": 0.1, "p_dog": 0.9}.
  kNumber,      ///< One number: the binary problem.
  kArray,       ///< {"probs": [0.1, 0.9]}.
  kDictionary,  ///< {"probs": {"cat": 0.1, "dog": 0.9}}.
  kScores,      ///< {"scores": [{"label": "cat", "score": 0.1}, …]} in any order.
};

/// How to read each object of a file.
struct JsonLayout {
  TableShape shape;
  std::string label_key, id_key, text_key;  ///< Empty: none.
  std::string probs_key;                    ///< Of all forms but kKeys.
  JsonForm form = JsonForm::kNone;
  std::vector<std::string> class_keys;  ///< kKeys, kDictionary, kScores: per class.
  std::unordered_map<std::string_view, int64_t> class_positions;  ///< Of class_keys.
  std::string set_separator;  ///< Between the labels of a set that is a string; empty: one label.
  bool skip_invalid = false;
  bool any_number = false;  ///< Logits, or numbers that are not to be checked.
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

/// The next line of a text, without its newline; `text` loses both.
std::string_view take_line(std::string_view& text);
bool is_blank(std::string_view line);

/// Parses the objects of a piece into `batch`. Throws Error{kInvalidData} naming line and key.
void parse_json_rows(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
                     double* elements, RowBatch& batch);

}  // namespace labelsieve::io
