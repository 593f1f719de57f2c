// Token classification: wrong labels of tokens, and sentences by the quality of their labels.
//
// The tokens of all sentences are the examples of a Source; see sentences.h. Scores of tokens are
// label_quality_scores() of that source (rank.h): three methods, NaN for ignored tokens.
#pragma once

#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "labelsieve/filter.h"
#include "labelsieve/rank.h"
#include "labelsieve/sentences.h"

namespace labelsieve {

/// Scores below it are bad, where no other threshold is given.
inline constexpr double kBadScore = 0.1;

/// How the scores s of n tokens become one (definitions.md §4; Wang & Mueller, "Detecting label
/// errors in token classification data", 2022). All but the last are in [0, 1], low = suspicious,
/// and 1 for no tokens.
enum class SentenceMethod : uint8_t {
  kMin,               ///< The lowest.
  kSoftmin,           ///< Weighted mean, a token's weight being exp(-s / temperature).
  kMean,              ///< Mean.
  kBadTokenFraction,  ///< 1 - (number of s below the threshold) / n.
  kExpectedErrors,    ///< Sum of 1 - s: a count, 0 for no tokens, HIGH = suspicious.
};

struct SentenceScoreOptions {
  // Parameters that affect the answer.
  SentenceMethod method = SentenceMethod::kMin;
  double temperature = 0.05;     ///< For kSoftmin, >= 0: 0 is the minimum, infinity the mean.
  double threshold = kBadScore;  ///< For kBadTokenFraction.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// One score from those of some tokens, NaN (ignored tokens) left out. Throws
/// Error{kInvalidArgument} for a temperature that is negative or NaN. Cost: O(n).
double pooled_score(std::span<const double> token_scores, const SentenceScoreOptions& options = {});

/// One score per sentence. Throws Error{kInvalidArgument} unless there is one score per token.
/// Cost: one look at each token score.
std::vector<double> sentence_scores(std::span<const double> token_scores,
                                    const Sentences& sentences,
                                    const SentenceScoreOptions& options = {});

/// The `top` most suspicious sentences first: ascending score, descending for kExpectedErrors, ties
/// to the lower index.
std::vector<int64_t> order_sentences(std::span<const double> scores, SentenceMethod method,
                                     int64_t top = std::numeric_limits<int64_t>::max());

/// A token whose label is probably wrong; Example::index counts the flattened tokens.
struct TokenIssue {
  TokenPosition position;
  Example example;
};

struct TokenIssues {
  LabelIssues found;               ///< Mask over the flattened tokens, and what was counted.
  std::vector<TokenIssue> issues;  ///< The flagged tokens, lowest label quality first.
};

/// Flags the tokens whose labels are issues, with any filter and option of classification, and
/// ranks them by the score asked for, ties to the lower index. Cost: as find_label_issues(), and
/// the flagged rows once more. Throws Error as that does, its message naming sentence and token,
/// and Error{kInvalidArgument} when the sentences do not add up to the source.
TokenIssues find_token_issues(Source& source, const Sentences& sentences,
                              const FilterOptions& filter = {}, const ScoreOptions& score = {});

struct TokenPositions {
  LabelIssues found;                     ///< Mask over the flattened tokens, and what was counted.
  std::vector<TokenPosition> positions;  ///< Of the flagged tokens, lowest label quality first.
};

/// find_token_issues() without the details: where the flagged tokens are, in that order.
TokenPositions find_token_positions(Source& source, const Sentences& sentences,
                                    const FilterOptions& filter = {},
                                    const ScoreOptions& score = {});

/// The flagged tokens of a mask, ranked; what find_token_issues() ends with.
std::vector<TokenIssue> rank_token_issues(Source& source, const Sentences& sentences,
                                          std::span<const uint8_t> mask,
                                          const ScoreOptions& score = {});

/// Tokens with a score below the threshold, by ascending score, ties to the lower index.
std::vector<TokenPosition> tokens_below(std::span<const double> token_scores,
                                        const Sentences& sentences, double threshold = kBadScore);

/// Sentences with a score below the threshold, by ascending score, ties to the lower index. Not for
/// scores by kExpectedErrors.
std::vector<int64_t> sentences_below(std::span<const double> scores, double threshold = kBadScore);

}  // namespace labelsieve
