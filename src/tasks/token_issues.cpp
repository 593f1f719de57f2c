#include <algorithm>
#include <cstddef>
#include <string>

#include "labelsieve/error.h"
#include "labelsieve/token_classification.h"
#include "tasks/name_sentence.h"

namespace labelsieve {
namespace {

/// One byte per score: whether it is below the threshold, which NaN never is.
std::vector<uint8_t> mask_below(std::span<const double> scores, double threshold) {
  std::vector<uint8_t> mask(scores.size());
  std::transform(scores.begin(), scores.end(), mask.begin(),
                 [threshold](double score) { return static_cast<uint8_t>(score < threshold); });
  return mask;
}

}  // namespace

TokenIssues find_token_issues(Source& source, const Sentences& sentences,
                              const FilterOptions& filter, const ScoreOptions& score) {
  check_num_tokens(sentences, source.num_rows());
  return naming_sentences(sentences, [&] {
    TokenIssues result;
    result.found = find_label_issues(source, filter);
    result.issues = rank_token_issues(source, sentences, result.found.mask, score);
    return result;
  });
}

std::vector<TokenIssue> rank_token_issues(Source& source, const Sentences& sentences,
                                          std::span<const uint8_t> mask,
                                          const ScoreOptions& score) {
  check_num_tokens(sentences, static_cast<int64_t>(mask.size()));
  return naming_sentences(sentences, [&] {
    const std::vector<Example> examples = rank_label_issues(source, mask, score);
    std::vector<TokenIssue> issues;
    issues.reserve(examples.size());
    for (const Example& example : examples) {
      issues.push_back({sentences.position(example.index), example});
    }
    return issues;
  });
}

std::vector<TokenPosition> tokens_below(std::span<const double> token_scores,
                                        const Sentences& sentences, double threshold) {
  check_num_tokens(sentences, static_cast<int64_t>(token_scores.size()));
  std::vector<TokenPosition> tokens;
  for (const int64_t index :
       order_label_issues(mask_below(token_scores, threshold), token_scores)) {
    tokens.push_back(sentences.position(index));
  }
  return tokens;
}

std::vector<int64_t> sentences_below(std::span<const double> scores, double threshold) {
  return order_label_issues(mask_below(scores, threshold), scores);
}

}  // namespace labelsieve
