// What the user asked for that only data of tokens has.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/read_tokens.h"
#include "labelsieve/tag_scheme.h"
#include "labelsieve/token_classification.h"

namespace labelsieve::cli {

/// What is listed.
enum class By : uint8_t { kToken, kSentence, kSpan, kTransition };

struct TokenOptions {
  TokenReadOptions read;  ///< Without what all tasks have.
  By by = By::kToken;
  std::optional<TagScheme> scheme;  ///< Nothing: as the tags say.
  SentenceScoreOptions pooling;     ///< Token scores to one of a sentence or span.
  bool pooling_is_given = false;    ///< Else sentences take the automatic method's own score.
  std::optional<double> below;      ///< All scores below it are issues, instead of the filter's.
  std::vector<std::string> words;   ///< Only issues of these; empty: all.
};

}  // namespace labelsieve::cli
