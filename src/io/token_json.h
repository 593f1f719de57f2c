// Sentences in JSON lines: {"tokens": […], "ner_tags": […], "pred_probs": [[…], …]}, or texts with
// spans: {"text": "…", "spans": [{"start", "end", "label"}, …]}.
#pragma once

#include <string>
#include <vector>

#include "io/json_probabilities.h"
#include "io/split.h"
#include "io/token_part.h"
#include "labelsieve/read_tokens.h"

namespace labelsieve::io {

/// What is wanted of a file.
struct TokenWanted {
  bool tokens = true;  ///< And their tags or spans.
  bool pred_probs = true;
};

/// Which keys of an object hold what; empty: none does.
struct TokenJsonLayout {
  std::string file;
  std::string token_key;
  std::string tag_key;
  std::string span_key;  ///< Empty where there is a tag_key.
  std::string text_key;
  std::string id_key;
  JsonProbabilities probs;
  OffsetUnit offset_unit = OffsetUnit::kCodePoints;
  bool skip_invalid = false;
  std::vector<std::string> notes;
};

/// Finds the keys by the options and by their usual names in the first object of a file. The form
/// of the probabilities stays open (kNone). Throws Error{kInvalidData} listing the keys.
TokenJsonLayout plan_token_json(const simdjson::dom::object& first, const std::string& file,
                                TokenWanted wanted, const TokenReadOptions& options);

/// The key of a list of probabilities: the one that was given, else a usual one; empty if none is.
std::string probability_key(const simdjson::dom::object& object, const TokenReadOptions& options);

/// Whether an object looks like a sentence (holds_sentences()).
bool is_sentence(const simdjson::dom::object& object);

/// The probabilities of a sentence's first token that has some; false if there are none.
bool first_probabilities(const simdjson::dom::object& sentence, const std::string& key,
                         simdjson::dom::element& probs);

/// Parses the objects of a piece of a file. Their words and texts lie in memory that
/// `part.owner` keeps; `probs` gets a row for each token. Throws Error{kInvalidData} naming line,
/// key and token.
void parse_token_json(const TextPiece& piece, const char* text_end, const TokenJsonLayout& layout,
                      TokenPart& part, std::vector<double>& probs);

}  // namespace labelsieve::io
