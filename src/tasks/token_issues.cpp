#include <algorithm>
#include <cstddef>
#include <string>

#include "base/huge_pages.h"
#include "base/parallel.h"
#include "labelsieve/error.h"
#include "labelsieve/token_classification.h"
#include "rank/order.h"
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

/// The positions of tokens, which are in the order of the sentences.
std::vector<TokenPosition> positions_of(std::span<const int64_t> tokens,
                                        const Sentences& sentences) {
  std::vector<TokenPosition> positions;
  positions.reserve(tokens.size());
  int64_t sentence = 0;
  for (const int64_t token : tokens) {
    while (sentences.end(sentence) <= token) ++sentence;
    positions.push_back({sentence, token - sentences.start(sentence)});
  }
  return positions;
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

TokenPositions find_token_positions(Source& source, const Sentences& sentences,
                                    const FilterOptions& filter, const ScoreOptions& score) {
  check_num_tokens(sentences, source.num_rows());
  return naming_sentences(sentences, [&] {
    TokenPositions result;
    result.found = find_label_issues(source, filter);
    const std::vector<int64_t> tokens = places_of(result.found.mask);
    const std::vector<double> scores = label_quality_scores_at(source, tokens, score);
    const std::vector<TokenPosition> positions = positions_of(tokens, sentences);
    result.positions.reserve(tokens.size());
    for (const size_t place : order_by_score(scores)) {
      result.positions.push_back(positions[place]);
    }
    return result;
  });
}

std::vector<TokenIssue> rank_token_issues(Source& source, const Sentences& sentences,
                                          std::span<const uint8_t> mask,
                                          const ScoreOptions& score) {
  check_num_tokens(sentences, static_cast<int64_t>(mask.size()));
  return naming_sentences(sentences, [&] {
    const std::vector<int64_t> tokens = places_of(mask);
    const std::vector<Example> examples = describe_examples(source, tokens, score);
    std::vector<TokenIssue> issues;
    if (examples.empty()) return issues;
    const std::vector<size_t> order = order_by_quality(examples);
    reserve_huge_pages(issues, examples.size());
    issues.resize(examples.size());
    const std::vector<TokenPosition> positions = positions_of(tokens, sentences);
    constexpr size_t kStep = size_t{1} << 12;
    const auto pieces = static_cast<int64_t>((examples.size() + kStep - 1) / kStep);
    const Execution silent{.num_threads = score.execution.num_threads};
    // Their places are anywhere in memory: fetched some time before they are needed.
    constexpr size_t kAhead = 16;
    const auto prefetch = [&](size_t place) {
      __builtin_prefetch(&examples[place]);
      __builtin_prefetch(&examples[place].label_quality);
      __builtin_prefetch(&positions[place]);
    };
    parallel_for(pieces, silent, {.name = "details"}, [&](int64_t piece, int) {
      const size_t begin = static_cast<size_t>(piece) * kStep;
      const size_t end = std::min(begin + kStep, examples.size());
      for (size_t i = begin; i < end; ++i) {
        prefetch(order[std::min(i + kAhead, end - 1)]);
        issues[i] = {positions[order[i]], examples[order[i]]};
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
