// What is wrong in single sentences, and what should be there instead.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "tasks/span_issue_list.h"
#include "tasks/tag_decoder.h"
#include "tasks/token_judge.h"

namespace labelsieve {

/// Decodes sentences with the weights of a TokenJudge. One for each thread.
class TokenIssueFinder {
 public:
  /// `columns` are those of `tags`; both must outlive it. `cut` as TokenJudge::weigh_columns().
  TokenIssueFinder(const TagSet& tags, const TagColumns& columns, double cut)
      : tags_(tags), columns_(columns), cut_(cut), decoder_(columns.tags()) {}

  /// To be called first: finds the best labels of a sentence that `judge` has judged.
  void decode(const TokenSentence& tokens, TokenJudge& judge);

  /// The wrong spans of the sentence.
  std::vector<SpanIssue> span_issues(const JudgedSentence& judged,
                                     const TokenSentence& tokens) const;

  /// The class that one of its tokens should have: that of the best labels, or where it is the
  /// given one, the best of the others.
  int32_t suggested_label(const TokenSentence& tokens, size_t token) const;

 private:
  int32_t class_of(size_t token, int32_t column) const;

  const TagSet& tags_;
  const TagColumns& columns_;
  double cut_;
  TagDecoder decoder_;
  std::span<const double> weights_;
  std::vector<int32_t> path_;  // columns
};

}  // namespace labelsieve
