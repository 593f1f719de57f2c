#include <algorithm>
#include <cstddef>
#include <string>

#include "base/huge_pages.h"
#include "base/parallel.h"
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

/// Sentences by their tokens, for many tokens in any order: the sentence of every 64th token is
/// kept, and near it is that of the others.
class SentenceTable {
 public:
  explicit SentenceTable(const Sentences& sentences) : sentences_(sentences) {
    nearby_.reserve(static_cast<size_t>(sentences.num_tokens() / kStep + 1));
    int64_t sentence = 0;
    for (int64_t token = 0; token < sentences.num_tokens(); token += kStep) {
      while (sentences.end(sentence) <= token) ++sentence;
      nearby_.push_back(sentence);
    }
  }

  TokenPosition position(int64_t token) const {
    int64_t sentence = nearby_[static_cast<size_t>(token / kStep)];
    while (sentences_.end(sentence) <= token) ++sentence;
    return {sentence, token - sentences_.start(sentence)};
  }

 private:
  static constexpr int64_t kStep = 64;

  const Sentences& sentences_;
  std::vector<int64_t> nearby_;
};

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
    if (examples.empty()) return issues;
    reserve_huge_pages(issues, examples.size());
    issues.resize(examples.size());
    const SentenceTable table(sentences);
    constexpr size_t kStep = size_t{1} << 12;
    const auto pieces = static_cast<int64_t>((examples.size() + kStep - 1) / kStep);
    const Execution silent{.num_threads = score.execution.num_threads};
    parallel_for(pieces, silent, {.name = "details"}, [&](int64_t piece, int) {
      const size_t begin = static_cast<size_t>(piece) * kStep;
      const size_t end = std::min(begin + kStep, examples.size());
      for (size_t i = begin; i < end; ++i) {
        issues[i] = {table.position(examples[i].index), examples[i]};
      }
    });
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
