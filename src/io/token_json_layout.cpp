#include <algorithm>
#include <array>
#include <span>
#include <string_view>

#include "base/refuse_argument.h"
#include "io/message.h"
#include "io/token_json.h"

namespace labelsieve::io {
namespace {

using simdjson::dom::element;

constexpr std::array<std::string_view, 2> kTokenKeys = {"tokens", "words"};
constexpr std::array<std::string_view, 10> kTagKeys = {
    "ner_tags", "given_labels", "labels", "tags",       "ner",
    "label",    "pos_tags",     "upos",   "chunk_tags", "pos"};
constexpr std::array<std::string_view, 2> kSpanKeys = {"spans", "entities"};
constexpr std::array<std::string_view, 7> kProbKeys = {
    "pred_probs", "probs", "probabilities", "predicted_probabilities", "scores", "prob", "proba"};
constexpr std::array<std::string_view, 1> kTextKeys = {"text"};
constexpr std::array<std::string_view, 1> kIdKeys = {"id"};

bool is_list(const simdjson::dom::object& object, std::string_view key) {
  const auto found = object[key];
  return found.error() == simdjson::SUCCESS && found.is_array();
}

bool has_key(const simdjson::dom::object& object, std::string_view key) {
  return object[key].error() == simdjson::SUCCESS;
}

class Planner {
 public:
  Planner(const simdjson::dom::object& first, const std::string& file,
          const TokenReadOptions& options)
      : first_(first), options_(options) {
    for (const auto& field : first) keys_.emplace_back(field.key);
    layout_.file = file;
    layout_.offset_unit = options.offset_unit;
    layout_.skip_invalid = options.skip_invalid;
    layout_.probs.skip_invalid = options.skip_invalid;
    layout_.probs.any_number = options.logits || options.unchecked;
  }

  TokenJsonLayout plan(TokenWanted wanted) {
    if (wanted.tokens) plan_tokens();
    if (wanted.pred_probs) plan_probabilities(!wanted.tokens);
    return std::move(layout_);
  }

 private:
  [[noreturn]] void fail(const std::string& message) const {
    throw Error(ErrorCode::kInvalidData, message + "; the keys are " + list_of(keys_),
                {.file = layout_.file});
  }

  /// The key that was given, or the first of the usual ones that holds a list (or anything).
  std::string find(const std::string& given, std::span<const std::string_view> usual,
                   bool lists) const {
    if (!given.empty()) {
      if (!has_key(first_, given)) fail("there is no key " + quoted_text(given));
      return given;
    }
    for (const std::string_view key : usual) {
      if (lists ? is_list(first_, key) : has_key(first_, key)) return std::string(key);
    }
    return {};
  }

  void plan_tokens() {
    layout_.token_key = find(options_.token_key, kTokenKeys, true);
    layout_.text_key = find(options_.text_key, kTextKeys, false);
    layout_.id_key = find(options_.id_key, kIdKeys, false);
    if (!options_.tag_key.empty() && !options_.span_key.empty()) {
      refuse_argument(
          "the labels are either the tags of tokens or spans of a text; give the key of "
          "one of the two");
    }
    if (options_.span_key.empty()) layout_.tag_key = tag_key();
    if (layout_.tag_key.empty()) {
      layout_.span_key = find(options_.span_key, kSpanKeys, true);
      if (layout_.span_key.empty()) {
        fail("there are neither tags of tokens nor spans of a text; name their key");
      }
      if (layout_.text_key.empty()) fail("the spans have no text; name the key that holds it");
    } else if (layout_.token_key.empty()) {
      fail("there is no list of tokens; name its key");
    }
  }

  std::string tag_key() {
    const std::string key = find(options_.tag_key, kTagKeys, true);
    // Tags and texts with spans have keys in common, and without tokens there are no tags.
    if (options_.tag_key.empty() && layout_.token_key.empty()) return {};
    std::vector<std::string> others;
    for (const std::string_view other : kTagKeys) {
      if (other != key && is_list(first_, other)) others.emplace_back(other);
    }
    if (options_.tag_key.empty() && !others.empty()) {
      layout_.notes.push_back("the tags are those of the key " + quoted_text(key) +
                              "; there are others: " + list_of(others));
    }
    return key;
  }

  void plan_probabilities(bool required) {
    if (options_.prob_columns.size() > 1) {
      refuse_argument(
          "sentences have their probabilities under one key, a row for each token; name "
          "that one alone");
    }
    layout_.probs.key = probability_key(first_, options_);
    if (layout_.probs.key.empty() && !options_.prob_columns.empty()) {
      fail("there is no list under the key " + quoted_text(options_.prob_columns.front()));
    }
    if (layout_.probs.key.empty() && required) {
      fail("there are no probabilities; name their key with --prob-columns");
    }
  }

  const simdjson::dom::object& first_;
  const TokenReadOptions& options_;
  std::vector<std::string> keys_;
  TokenJsonLayout layout_;
};

}  // namespace

TokenJsonLayout plan_token_json(const simdjson::dom::object& first, const std::string& file,
                                TokenWanted wanted, const TokenReadOptions& options) {
  return Planner(first, file, options).plan(wanted);
}

std::string probability_key(const simdjson::dom::object& object, const TokenReadOptions& options) {
  if (!options.prob_columns.empty()) {
    const std::string& given = options.prob_columns.front();
    return options.prob_columns.size() == 1 && is_list(object, given) ? given : "";
  }
  const auto found = std::find_if(kProbKeys.begin(), kProbKeys.end(),
                                  [&](std::string_view key) { return is_list(object, key); });
  return found == kProbKeys.end() ? std::string() : std::string(*found);
}

bool is_sentence(const simdjson::dom::object& object) {
  const auto has_list = [&](std::string_view key) { return is_list(object, key); };
  return std::any_of(kTokenKeys.begin(), kTokenKeys.end(), has_list) ||
         (has_key(object, kTextKeys.front()) &&
          std::any_of(kSpanKeys.begin(), kSpanKeys.end(), has_list));
}

bool first_probabilities(const simdjson::dom::object& sentence, const std::string& key,
                         element& probs) {
  simdjson::dom::array rows;
  if (sentence[key].get_array().get(rows) != simdjson::SUCCESS) return false;
  for (const element row : rows) {
    if (row.is_null()) continue;
    probs = row;
    return true;
  }
  return false;
}

}  // namespace labelsieve::io
