// From suggested spans to a ranked list of issues: what every way of suggesting them ends with.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/span_classification.h"

namespace labelsieve {

/// A sentence with its tokens.
struct JudgedSentence {
  int64_t sentence = 0;
  std::span<const uint8_t> mask;   ///< Its flagged tokens.
  std::span<const double> scores;  ///< Label qualities.
};

/// The sentences with a flagged token.
std::vector<int64_t> flagged_sentences(const Sentences& sentences, std::span<const uint8_t> mask);

/// The differences of two lists of spans that hold a flagged token, by start.
std::vector<SpanIssue> span_issues_of(const JudgedSentence& tokens, std::span<const Span> given,
                                      std::span<const Span> suggested,
                                      const SentenceScoreOptions& pooling);

/// All in one list, most suspicious first; what is equal stays in the order of the data.
std::vector<SpanIssue> rank_span_issues(std::span<const std::vector<SpanIssue>> found,
                                        SentenceMethod method);

}  // namespace labelsieve
