// Probabilities in JSON: the forms that they have, and rows of numbers out of them.
#pragma once

#include <simdjson.h>

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/part.h"
#include "labelsieve/read.h"

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

/// How to read the probabilities of each example.
struct JsonProbabilities {
  std::string key;  ///< Of all forms but kKeys.
  JsonForm form = JsonForm::kNone;
  int64_t num_probs = 0;                ///< 0: none are wanted.
  std::vector<std::string> class_keys;  ///< kKeys, kDictionary, kScores: per class.
  std::unordered_map<std::string_view, int64_t> class_positions;  ///< Of class_keys.
  bool any_number = false;    ///< Logits, or numbers that are not to be checked.
  bool skip_invalid = false;  ///< Mark rows that are wrong instead of refusing them.

  /// Finds the positions of the class keys; after the last move of the layout.
  void index_classes();
};

/// The classes as a file names them.
struct NamedClasses {
  std::vector<std::string> names;
  NameOrigin origin = NameOrigin::kNone;
};

/// The form of the value under `layout.key`, by the first one of a file. Throws Error{kInvalidData}
/// for what is no form, or has no number.
NamedClasses find_json_form(const simdjson::dom::element& probs, const std::string& file,
                            int64_t line, JsonProbabilities& layout);

/// Fills one row of numbers after another. Not thread-safe; layout and name must outlive it.
class JsonProbabilityRow {
 public:
  JsonProbabilityRow(const JsonProbabilities& layout, const std::string& file)
      : layout_(layout), file_(file) {}

  /// Begins a row of layout.num_probs numbers, whose object stands in `line`; messages name the
  /// token of a sentence where there is one.
  void start(double* row, int64_t line, int64_t token = -1);

  /// Whether nothing was wrong with the row.
  bool is_valid() const { return is_valid_; }

  /// Takes all of them out of a value, of any form but kKeys. Throws Error{kInvalidData}.
  void parse(const simdjson::dom::element& probs);
  void parse_missing();

  /// Takes the probability of the class that is named; other keys are passed over, or with
  /// `strict` refused.
  void take_class(std::string_view name, const simdjson::dom::element& value, bool strict);
  void check_all_classes();

  /// Marks the row where skip_invalid allows it, else throws.
  void refuse(const std::string& message, std::string_view key);

 private:
  [[noreturn]] void fail(const std::string& message, std::string_view key) const;
  double number_in(const simdjson::dom::element& value, std::string_view key);
  void parse_array(const simdjson::dom::element& probs);
  void parse_dictionary(const simdjson::dom::element& probs);
  void parse_scores(const simdjson::dom::element& probs);

  const JsonProbabilities& layout_;
  const std::string& file_;
  double* row_ = nullptr;
  int64_t line_ = 0;
  int64_t token_ = -1;
  bool is_valid_ = true;
  std::vector<uint8_t> seen_;
};

}  // namespace labelsieve::io
