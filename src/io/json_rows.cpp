#include "io/json_rows.h"

#include <algorithm>

#include "io/label_sets.h"
#include "io/message.h"
#include "io/number.h"
#include "io/skip_hint.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;
using simdjson::dom::element_type;

class RowParser {
 public:
  RowParser(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
            double* elements, RowBatch& batch)
      : piece_(piece),
        parser_(layout.shape.file, text_end),
        layout_(layout),
        probs_(layout.probs, layout.shape.file),
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
  void parse_row(const simdjson::dom::object& object) {
    probs_.start(row_, line_);
    element label, id, text, probs;
    bool has_label = false, has_id = false, has_text = false, has_probs = false;
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
      take(layout_.probs.key, probs, has_probs);
      if (layout_.probs.form == JsonForm::kKeys) probs_.take_class(key, value, false);
    }
    if (layout_.shape.label_sets) {
      take_set(has_label, label);
    } else if (layout_.shape.has_labels) {
      batch_.label_codes.push_back(has_label ? label_code(label) : kMissingLabel);
    }
    if (!layout_.id_key.empty()) batch_.ids.push_back(has_id ? json_as_text(id) : "");
    if (!layout_.text_key.empty()) batch_.text.push_back(has_text ? json_as_text(text) : "");
    if (layout_.probs.form != JsonForm::kNone) parse_probabilities(has_probs, probs);
    if (!probs_.is_valid()) batch_.invalid.push_back(batch_.rows);
    batch_.lines.push_back(line_);
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
    probs_.refuse("the label is neither a string nor an integer", layout_.label_key);
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
      probs_.refuse("one of the labels in " + quoted_text(text) + " is empty" + kSkipHint,
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
      probs_.refuse("the set of labels holds " + quoted_text(std::string(simdjson::minify(label))) +
                        ", but a label is a name or an integer" + kSkipHint,
                    layout_.label_key);
      return false;
    }
    batch_.label_codes.push_back(batch_.labels.code_of(text));
    return true;
  }

  void parse_probabilities(bool has_probs, const element& probs) {
    if (layout_.probs.form == JsonForm::kKeys) {
      probs_.check_all_classes();
    } else if (has_probs) {
      probs_.parse(probs);
    } else {
      probs_.parse_missing();
    }
  }

  TextPiece piece_;
  JsonLineParser parser_;
  const JsonLayout& layout_;
  JsonProbabilityRow probs_;
  RowBatch& batch_;
  double* row_;
  int64_t line_ = 0;
};

}  // namespace

std::string json_as_text(const element& value) {
  std::string_view text;
  if (value.get_string().get(text) == simdjson::SUCCESS) return std::string(text);
  return value.is_null() ? std::string() : std::string(simdjson::minify(value));
}

void parse_json_rows(const TextPiece& piece, const char* text_end, const JsonLayout& layout,
                     double* elements, RowBatch& batch) {
  RowParser(piece, text_end, layout, elements, batch).parse();
}

}  // namespace labelsieve::io
