#include <algorithm>
#include <cmath>
#include <string>

#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "labelsieve/token_classification.h"

namespace labelsieve {
namespace {

void check(const SentenceScoreOptions& options) {
  if (!(options.temperature >= 0)) {
    refuse_argument("the temperature must be 0 or more");
  }
}

/// The scores that are not NaN, in order.
template <class F>
void for_each_score(std::span<const double> scores, const F& f) {
  for (const double score : scores) {
    if (!std::isnan(score)) f(score);
  }
}

struct Summary {
  int64_t count = 0;
  double lowest = 1;
  double sum = 0;
};

Summary summarize(std::span<const double> scores) {
  Summary summary;
  for_each_score(scores, [&](double score) {
    summary.lowest = summary.count == 0 ? score : std::min(summary.lowest, score);
    summary.sum += score;
    ++summary.count;
  });
  return summary;
}

double softmin(std::span<const double> scores, double lowest, double temperature) {
  if (temperature == 0) return lowest;
  double weighted = 0;
  double weights = 0;
  for_each_score(scores, [&](double score) {
    // Without the minimum all weights underflow at low temperatures.
    const double weight = std::exp((lowest - score) / temperature);
    weighted += score * weight;
    weights += weight;
  });
  return weighted / weights;
}

double pool(std::span<const double> scores, const SentenceScoreOptions& options) {
  const Summary summary = summarize(scores);
  const auto count = static_cast<double>(summary.count);
  if (summary.count == 0) return options.method == SentenceMethod::kExpectedErrors ? 0 : 1;
  switch (options.method) {
    case SentenceMethod::kMin: return summary.lowest;
    case SentenceMethod::kSoftmin: return softmin(scores, summary.lowest, options.temperature);
    case SentenceMethod::kMean: return summary.sum / count;
    case SentenceMethod::kBadTokenFraction: {
      int64_t bad = 0;
      for_each_score(scores, [&](double score) { bad += score < options.threshold; });
      return 1 - static_cast<double>(bad) / count;
    }
    default: {
      double errors = 0;
      for_each_score(scores, [&](double score) { errors += 1 - score; });
      return errors;
    }
  }
}

}  // namespace

double pooled_score(std::span<const double> token_scores, const SentenceScoreOptions& options) {
  check(options);
  return pool(token_scores, options);
}

std::vector<double> sentence_scores(std::span<const double> token_scores,
                                    const Sentences& sentences,
                                    const SentenceScoreOptions& options) {
  check(options);
  if (static_cast<int64_t>(token_scores.size()) != sentences.num_tokens()) {
    refuse_argument("there are " + std::to_string(token_scores.size()) + " scores for " +
                    std::to_string(sentences.num_tokens()) + " tokens");
  }
  constexpr int64_t kSentencesPerPiece = 1024;
  std::vector<double> scores(static_cast<size_t>(sentences.size()));
  const int64_t pieces = (sentences.size() + kSentencesPerPiece - 1) / kSentencesPerPiece;
  parallel_for(pieces, options.execution, {"sentences", 0, sentences.size(), kSentencesPerPiece},
               [&](int64_t piece, int) {
                 const int64_t first = piece * kSentencesPerPiece;
                 const int64_t last = std::min(first + kSentencesPerPiece, sentences.size());
                 for (int64_t s = first; s < last; ++s) {
                   scores[static_cast<size_t>(s)] =
                       pool(token_scores.subspan(static_cast<size_t>(sentences.start(s)),
                                                 static_cast<size_t>(sentences.length(s))),
                            options);
                 }
               });
  return scores;
}

std::vector<int64_t> order_sentences(std::span<const double> scores, SentenceMethod method,
                                     int64_t top) {
  if (method != SentenceMethod::kExpectedErrors) return find_top_issues(scores, top);
  std::vector<double> negated(scores.size());
  std::transform(scores.begin(), scores.end(), negated.begin(), std::negate<>());
  return find_top_issues(negated, top);
}

}  // namespace labelsieve
