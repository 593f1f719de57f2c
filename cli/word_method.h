// The automatic method on tokens whose words are known (labelsieve/token_errors.h), which takes the
// place of the automatic method for examples.
#pragma once

#include <vector>

#include "issues.h"
#include "labelsieve/token_errors.h"
#include "token_input.h"

namespace labelsieve::cli {

/// The issues of tokens, and what they come from where words were used.
struct TokenChoice : Issues {
  std::optional<TokenErrors> judged;
};

/// Whether it flags: --filter-by auto on tags of spans with words, without --below.
bool flags_by_words(const Settings& settings, const TokenInput& input);

/// Whether it scores: --method auto on such tags.
bool scores_by_words(const Settings& settings, const TokenInput& input);

/// Whether sentences have its scores, of no --sentence-method: --by sentence without that option.
bool has_own_sentence_scores(const Settings& settings, const TokenInput& input);

/// Without the lists of issues where it does not flag.
TokenErrors judge_by_words(const Context& context, TokenInput& input);

/// What a filter would have said.
LabelIssues flagged_by_words(const TokenErrors& judged);

/// The label quality of every token.
std::vector<double> score_tokens_of(const Context& context, TokenInput& input,
                                    const TokenChoice& choice);

/// Every token with its label quality, in order.
std::vector<Example> describe_tokens(const Context& context, TokenInput& input,
                                     const TokenChoice& choice);

/// The tokens of the mask with their label quality, worst first.
std::vector<Example> rank_tokens(const Context& context, TokenInput& input,
                                 const TokenChoice& choice);

/// One score for every sentence: the method's own, or the token scores as --sentence-method says.
std::vector<double> score_sentences_of(const Context& context, TokenInput& input,
                                       const TokenChoice& choice);

/// "; 12 wrong labels expected by the automatic method", or nothing with other filters.
std::string expected_labels(const Issues& issues);

}  // namespace labelsieve::cli
