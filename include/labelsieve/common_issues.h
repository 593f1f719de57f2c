// What is wrong most often in a corpus: which words, and which labels in place of which others.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include "labelsieve/token_classification.h"

namespace labelsieve {

/// A given label and the one suggested in its place.
struct LabelPair {
  int32_t given_label = 0;
  int32_t suggested_label = 0;

  friend auto operator<=>(const LabelPair&, const LabelPair&) = default;
};

/// A word and the issues of its tokens, whatever their labels.
struct CommonWord {
  std::string_view word;  ///< Points into the words that were given.
  int64_t num_issues = 0;
  int64_t num_tokens = 0;  ///< How often the word occurs.
  double rate = 0;         ///< num_issues / num_tokens.
};

/// A word with one pair of labels.
struct CommonWordPair {
  std::string_view word;
  LabelPair labels;
  int64_t num_issues = 0;
};

/// A pair of labels, whatever the word.
struct CommonPair {
  LabelPair labels;
  int64_t num_issues = 0;
  int64_t num_given = 0;  ///< Tokens with the given label.
  double rate = 0;        ///< num_issues / num_given.
};

/// Each most often first. Ties: words by their first issue in the list, pairs by their labels.
struct CommonIssues {
  std::vector<CommonWord> words;
  std::vector<CommonWordPair> word_pairs;
  std::vector<CommonPair> pairs;
};

struct CommonIssueOptions {
  std::vector<LabelPair> exclude = {};                ///< Issues with these labels do not count.
  int64_t top = std::numeric_limits<int64_t>::max();  ///< Rows of each table.
};

/// Counts issues by word and by labels. `words` has the text of every flattened token, or nothing:
/// then only `pairs` is filled. `label_counts` are those of the joint that was counted on the way
/// to the issues (TokenIssues::found.joint.label_counts). An issue that is listed twice counts
/// twice. Throws Error{kInvalidArgument} for an issue outside the words or labels. Cost: one hash
/// of every word.
CommonIssues common_issues(std::span<const TokenIssue> issues,
                           std::span<const std::string_view> words,
                           std::span<const int64_t> label_counts,
                           const CommonIssueOptions& options = {});

/// The issues of one word, in their order; letters A-Z are as good as a-z.
std::vector<TokenIssue> issues_of_word(std::span<const TokenIssue> issues,
                                       std::span<const std::string_view> words,
                                       std::string_view word);

/// The issues whose labels are none of the pairs, in their order.
std::vector<TokenIssue> without_pairs(std::span<const TokenIssue> issues,
                                      std::span<const LabelPair> exclude);

}  // namespace labelsieve
