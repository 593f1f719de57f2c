#include "io/json_probabilities.h"

#include <algorithm>
#include <limits>
#include <utility>

#include "io/json_rows.h"
#include "io/message.h"
#include "io/number.h"
#include "io/probabilities.h"
#include "io/skip_hint.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;

constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

/// Lists of scores come in the order of the scores. Names that end in numbers, such as LABEL_3,
/// tell the model's order; others are sorted, and integer labels say nothing about them.
NameOrigin order_scores(std::vector<std::string>& names) {
  std::vector<std::pair<int64_t, std::string>> numbered;
  const auto number_at = [](const std::string& name) {
    const size_t last = name.find_last_not_of("0123456789");
    return last == std::string::npos ? 0 : last + 1;
  };
  for (const std::string& name : names) {
    const size_t at = number_at(name);
    const auto number = parse_integer(name.substr(at));
    if (number && name.compare(0, at, names[0], 0, number_at(names[0])) == 0) {
      numbered.emplace_back(*number, name);
    }
  }
  std::sort(names.begin(), names.end());
  if (numbered.size() != names.size()) return NameOrigin::kScores;
  std::sort(numbered.begin(), numbered.end());
  for (size_t i = 0; i < names.size(); ++i) {
    if (numbered[i].first != static_cast<int64_t>(i)) return NameOrigin::kScores;
  }
  for (size_t i = 0; i < names.size(); ++i) names[i] = std::move(numbered[i].second);
  return NameOrigin::kKeys;
}

/// The names in a list of {"label": name, "score": number}; false where it is another list.
bool names_in_scores(const simdjson::dom::array& scores, std::vector<std::string>& names) {
  for (const element item : scores) {
    std::string_view name;
    if (item["label"].get_string().get(name) != simdjson::SUCCESS) return false;
    names.emplace_back(name);
  }
  return true;
}

}  // namespace

void JsonProbabilities::index_classes() {
  class_positions.clear();
  for (size_t j = 0; j < class_keys.size(); ++j) {
    class_positions.emplace(class_keys[j], static_cast<int64_t>(j));
  }
}

NamedClasses find_json_form(const element& probs, const std::string& file, int64_t line,
                            JsonProbabilities& layout) {
  const auto fail = [&](const std::string& message) {
    throw Error(ErrorCode::kInvalidData, message,
                {.file = file, .line = line, .column = layout.key});
  };
  NamedClasses classes;
  simdjson::dom::object object;
  simdjson::dom::array array;
  if (probs.get_object().get(object) == simdjson::SUCCESS) {
    layout.form = JsonForm::kDictionary;
    for (const auto& field : object) layout.class_keys.emplace_back(field.key);
    classes = {layout.class_keys, NameOrigin::kKeys};
  } else if (probs.get_array().get(array) == simdjson::SUCCESS) {
    const bool scores = array.size() > 0 && array.at(0).is_object();
    layout.form = scores ? JsonForm::kScores : JsonForm::kArray;
    if (scores) {
      if (!names_in_scores(array, layout.class_keys)) {
        fail("an element of the list is not {\"label\": name, \"score\": number}");
      }
      const NameOrigin origin = order_scores(layout.class_keys);
      classes = {layout.class_keys, origin};
    }
    layout.num_probs = static_cast<int64_t>(array.size());
  } else if (probs.is_number()) {
    layout.form = JsonForm::kNumber;
    layout.num_probs = 1;
  } else {
    fail("the probabilities are neither a list nor an object of numbers");
  }
  if (!layout.class_keys.empty()) layout.num_probs = static_cast<int64_t>(layout.class_keys.size());
  if (layout.num_probs == 0) fail("there are no probabilities in the first row");
  return classes;
}

void JsonProbabilityRow::start(double* row, int64_t line, int64_t token) {
  row_ = row;
  line_ = line;
  token_ = token;
  is_valid_ = true;
  seen_.assign(layout_.class_keys.size(), 0);
}

void JsonProbabilityRow::fail(const std::string& message, std::string_view key) const {
  const std::string where = token_ < 0 ? "" : "token " + std::to_string(token_) + ": ";
  throw Error(ErrorCode::kInvalidData, where + message,
              {.file = file_, .line = line_, .column = std::string(key)});
}

void JsonProbabilityRow::refuse(const std::string& message, std::string_view key) {
  if (!layout_.skip_invalid) fail(message, key);
  is_valid_ = false;
}

void JsonProbabilityRow::parse_missing() {
  std::fill_n(row_, layout_.num_probs, kNan);
  refuse(std::string("the probabilities are missing") + kSkipHint, layout_.key);
}

void JsonProbabilityRow::parse(const element& probs) {
  if (probs.is_null()) {
    parse_missing();
    return;
  }
  std::fill_n(row_, layout_.num_probs, kNan);
  switch (layout_.form) {
    case JsonForm::kNumber: row_[0] = number_in(probs, layout_.key); break;
    case JsonForm::kArray: parse_array(probs); break;
    case JsonForm::kDictionary: parse_dictionary(probs); break;
    default: parse_scores(probs); break;
  }
}

double JsonProbabilityRow::number_in(const element& value, std::string_view key) {
  double number = kNan;
  if (value.is_null()) {
    refuse(std::string("the probability is missing or not finite") + kSkipHint, key);
  } else if (value.get_double().get(number) != simdjson::SUCCESS) {
    refuse(quoted_text(json_as_text(value)) + " is not a number" + kSkipHint, key);
  } else if (!is_probability(number) && !layout_.any_number) {
    refuse("the probability " + std::to_string(number) +
               " is outside [0, 1]; if these are logits, use --logits",
           key);
  }
  return number;
}

void JsonProbabilityRow::parse_array(const element& probs) {
  simdjson::dom::array array;
  if (probs.get_array().get(array) != simdjson::SUCCESS) {
    refuse("expected a list of numbers as in the first row", layout_.key);
    return;
  }
  const auto found = static_cast<int64_t>(array.size());
  if (found != layout_.num_probs) {
    refuse("expected " + std::to_string(layout_.num_probs) +
               " probabilities as in the first row, found " + std::to_string(found),
           layout_.key);
    return;
  }
  int64_t j = 0;
  for (const element value : array) row_[j++] = number_in(value, layout_.key);
}

void JsonProbabilityRow::parse_dictionary(const element& probs) {
  simdjson::dom::object object;
  if (probs.get_object().get(object) != simdjson::SUCCESS) {
    refuse("expected an object of class names and numbers as in the first row", layout_.key);
    return;
  }
  for (const auto& [name, value] : object) take_class(name, value, true);
  check_all_classes();
}

void JsonProbabilityRow::parse_scores(const element& probs) {
  simdjson::dom::array array;
  if (probs.get_array().get(array) != simdjson::SUCCESS) {
    refuse("expected a list of {\"label\", \"score\"} as in the first row", layout_.key);
    return;
  }
  for (const element item : array) {
    std::string_view name;
    element score;
    if (item["label"].get_string().get(name) != simdjson::SUCCESS ||
        item["score"].get(score) != simdjson::SUCCESS) {
      refuse("an element of the list is not {\"label\": name, \"score\": number}", layout_.key);
      return;
    }
    take_class(name, score, true);
  }
  check_all_classes();
}

void JsonProbabilityRow::take_class(std::string_view name, const element& value, bool strict) {
  const auto found = layout_.class_positions.find(name);
  if (found == layout_.class_positions.end()) {
    if (strict) fail("the class " + quoted_text(name) + " is not in the first row", layout_.key);
    return;
  }
  const auto position = static_cast<size_t>(found->second);
  if (seen_[position]++ != 0) {
    fail("the class " + quoted_text(name) + " stands twice", layout_.key);
  }
  row_[position] = number_in(value, name);
}

void JsonProbabilityRow::check_all_classes() {
  const auto missing = std::find(seen_.begin(), seen_.end(), uint8_t{0});
  if (missing == seen_.end()) return;
  const std::string& name = layout_.class_keys[static_cast<size_t>(missing - seen_.begin())];
  refuse("the probability of " + quoted_text(name) + " is missing" + kSkipHint, layout_.key);
}

}  // namespace labelsieve::io
