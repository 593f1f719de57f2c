#include "io/json_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/label_sets.h"
#include "io/message.h"
#include "io/number.h"
#include "io/probabilities.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

const char* const kSkipHint = "; correct it, or leave such rows out with --skip-invalid";
constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// An id or a text: strings as they are, other values as JSON.
std::string as_text(const element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return value.is_null() ? std::string() : std::string(simdjson::minify(value));
}

class RowParser {
 public:
  RowParser(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
            double* elements, RowBatch& batch)
      : piece_(piece),
        parser_(layout.shape.file, text_end),
        layout_(layout),
        batch_(batch),
        row_(elements + batch.first_slot * layout.shape.num_probs) {}

  void parse() {
    std::string_view text(piece_.begin, static_cast<size_t>(piece_.end - piece_.begin));
    for (line_ = piece_.first_line; !text.empty(); ++line_) {
      const std::string_view line = take_line(text);
      if (!is_blank(line)) parse_row(parser_.parse(line, line_));
    }
    batch_.end = piece_.end;
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string_view key = {}) const {
    throw Error(ErrorCode::kInvalidData, message,
                {.file = layout_.shape.file, .line = line_, .column = std::string(key)});
  }

  /// Marks the row where skip_invalid allows it, else throws.
  void refuse(const std::string& message, std::string_view key) {
    if (!layout_.skip_invalid) fail(message, key);
    row_is_invalid_ = true;
  }

  void parse_row(const simdjson::dom::object& object) {
    row_is_invalid_ = false;
    element label, id, text, probs;
    bool has_label = false, has_id = false, has_text = false, has_probs = false;
    seen_.assign(layout_.class_keys.size(), 0);
    for (const auto& [key, value] : object) {
      const auto take = [&, &field = key, &content = value](const std::string& name, element& to,
                                                            bool& has) {
        if (name.empty() || field != name) return;
        to = content;
        has = true;
      };
      take(layout_.label_key, label, has_label);
      take(layout_.id_key, id, has_id);
      take(layout_.text_key, text, has_text);
      take(layout_.probs_key, probs, has_probs);
      if (layout_.form == JsonForm::kKeys) take_class(key, value, false);
    }
    if (layout_.shape.label_sets) {
      take_set(has_label, label);
    } else if (layout_.shape.has_labels) {
      batch_.label_codes.push_back(has_label ? label_code(label) : kMissingLabel);
    }
    if (!layout_.id_key.empty()) batch_.ids.push_back(has_id ? as_text(id) : "");
    if (!layout_.text_key.empty()) batch_.text.push_back(has_text ? as_text(text) : "");
    if (layout_.form != JsonForm::kNone) parse_probabilities(has_probs, probs);
    if (row_is_invalid_) batch_.invalid.push_back(batch_.rows);
    batch_.add_line(line_);
    ++batch_.rows;
    row_ += layout_.shape.num_probs;
  }

  int32_t label_code(const element& label) {
    switch (label.type()) {
      case element_type::NULL_VALUE: return kMissingLabel;
      case element_type::STRING: {
        const std::string_view text = label.get_string().value_unsafe();
        return trimmed(text).empty() ? kMissingLabel : batch_.labels.code_of(text);
      }
      case element_type::INT64:
      case element_type::UINT64:
      case element_type::DOUBLE: return batch_.labels.code_of(std::string(simdjson::minify(label)));
      default: break;
    }
    refuse("the label is neither a string nor an integer", layout_.label_key);
    return kMissingLabel;
  }

  /// A list of labels; or one label; or a string with separators.
  void take_set(bool has_label, const element& label) {
    const size_t begin = batch_.label_codes.size();
    const bool good = has_label && !label.is_null() && push_set(label);
    if (!good) batch_.label_codes.resize(begin);
    batch_.set_sizes.push_back(good ? static_cast<int32_t>(batch_.label_codes.size() - begin)
                                    : kMissingLabel);
  }

  /// False for a set that is left out as invalid.
  bool push_set(const element& label) {
    simdjson::dom::array array;
    if (label.get_array().get(array) == simdjson::SUCCESS) {
      bool good = true;
      for (const element item : array) good = good && push_label(item);
      return good;
    }
    std::string_view text;
    if (layout_.set_separator.empty() || label.get_string().get(text) != simdjson::SUCCESS) {
      return push_label(label);
    }
    const bool good = split_label_set(text, layout_.set_separator, [&](std::string_view item) {
      batch_.label_codes.push_back(batch_.labels.code_of(item));
    });
    if (!good) {
      refuse("one of the labels in " + quoted_text(text) + " is empty" + kSkipHint,
             layout_.label_key);
    }
    return good;
  }

  bool push_label(const element& label) {
    std::string_view text;
    std::string number;
    if (label.is_number()) {
      number = simdjson::minify(label);
      text = number;
    } else if (label.get_string().get(text) != simdjson::SUCCESS || trimmed(text).empty()) {
      refuse("the set of labels holds " + quoted_text(std::string(simdjson::minify(label))) +
                 ", but a label is a name or an integer" + kSkipHint,
             layout_.label_key);
      return false;
    }
    batch_.label_codes.push_back(batch_.labels.code_of(text));
    return true;
  }

  void parse_probabilities(bool has_probs, const element& probs) {
    if (layout_.form == JsonForm::kKeys) {
      check_all_classes();
      return;
    }
    std::fill_n(row_, layout_.shape.num_probs, kNan);
    if (!has_probs || probs.is_null()) {
      refuse("the probabilities are missing" + std::string(kSkipHint), layout_.probs_key);
      return;
    }
    switch (layout_.form) {
      case JsonForm::kNumber: row_[0] = number_in(probs, layout_.probs_key); break;
      case JsonForm::kArray: parse_array(probs); break;
      case JsonForm::kDictionary: parse_dictionary(probs); break;
      default: parse_scores(probs); break;
    }
  }

  double number_in(const element& value, std::string_view key) {
    double number = kNan;
    if (value.is_null()) {
      refuse("the probability is missing or not finite" + std::string(kSkipHint), key);
    } else if (value.get_double().get(number) != simdjson::SUCCESS) {
      refuse(quoted_text(as_text(value)) + " is not a number" + kSkipHint, key);
    } else if (!is_probability(number) && !layout_.any_number) {
      refuse("the probability " + std::to_string(number) +
                 " is outside [0, 1]; if these are logits, use --logits",
             key);
    }
    return number;
  }

  void parse_array(const element& probs) {
    simdjson::dom::array array;
    if (probs.get_array().get(array) != simdjson::SUCCESS) {
      refuse("expected a list of numbers as in the first row", layout_.probs_key);
      return;
    }
    const auto found = static_cast<int64_t>(array.size());
    if (found != layout_.shape.num_probs) {
      refuse("expected " + std::to_string(layout_.shape.num_probs) +
                 " probabilities as in the first row, found " + std::to_string(found),
             layout_.probs_key);
      return;
    }
    int64_t j = 0;
    for (const element value : array) row_[j++] = number_in(value, layout_.probs_key);
  }

  void parse_dictionary(const element& probs) {
    simdjson::dom::object object;
    if (probs.get_object().get(object) != simdjson::SUCCESS) {
      refuse("expected an object of class names and numbers as in the first row",
             layout_.probs_key);
      return;
    }
    for (const auto& [name, value] : object) take_class(name, value, true);
    check_all_classes();
  }

  void parse_scores(const element& probs) {
    simdjson::dom::array array;
    if (probs.get_array().get(array) != simdjson::SUCCESS) {
      refuse("expected a list of {\"label\", \"score\"} as in the first row", layout_.probs_key);
      return;
    }
    for (const element item : array) {
      std::string_view name;
      element score;
      if (item["label"].get_string().get(name) != simdjson::SUCCESS ||
          item["score"].get(score) != simdjson::SUCCESS) {
        refuse("an element of the list is not {\"label\": name, \"score\": number}",
               layout_.probs_key);
        return;
      }
      take_class(name, score, true);
    }
    check_all_classes();
  }

  /// Takes the probability of the class that is named; other keys are passed over, or with
  /// `strict` refused.
  void take_class(std::string_view name, const element& value, bool strict) {
    const auto found = layout_.class_positions.find(name);
    if (found == layout_.class_positions.end()) {
      if (strict)
        fail("the class " + quoted_text(name) + " is not in the first row", layout_.probs_key);
      return;
    }
    const auto position = static_cast<size_t>(found->second);
    if (seen_[position]++ != 0) {
      fail("the class " + quoted_text(name) + " stands twice", layout_.probs_key);
    }
    row_[position] = number_in(value, name);
  }

  void check_all_classes() {
    const auto missing = std::find(seen_.begin(), seen_.end(), uint8_t{0});
    if (missing == seen_.end()) return;
    const std::string& name = layout_.class_keys[static_cast<size_t>(missing - seen_.begin())];
    refuse("the probability of " + quoted_text(name) + " is missing" + kSkipHint,
           layout_.probs_key);
  }

  TextPiece piece_;
  JsonLineParser parser_;
  const JsonLayout& layout_;
  RowBatch& batch_;
  double* row_;
  int64_t line_ = 0;
  bool row_is_invalid_ = false;
  std::vector<uint8_t> seen_;
};

}  // namespace

void parse_json_rows(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
                     double* elements, RowBatch& batch) {
  RowParser(piece, text_end, layout, elements, batch).parse();
}

}  // namespace labelsieve::io
