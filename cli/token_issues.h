// The issues of tokens that find lists and health counts.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/token_classification.h"
#include "word_method.h"

namespace labelsieve::cli {

/// What the file of --ignore names: tokens as SENTENCE:TOKEN, or whole sentences.
struct IgnoredTokens {
  std::vector<uint8_t> tokens;     ///< T flags, those of whole sentences too; empty: none.
  std::vector<uint8_t> sentences;  ///< S flags; empty: none.
};

/// Notes what names nothing. Throws Error{kIo}.
IgnoredTokens read_ignored_tokens(const Context& context, const TokenInput& input);

/// T flags: tokens that are one of the words of --word; empty where it is not given.
std::vector<uint8_t> wanted_words(const Context& context, const TokenInput& input);

/// Flags by the filter, or by --below; then selects.
TokenChoice choose_token_issues(const Context& context, TokenInput& input, bool ranked);

/// A token as the library has it.
std::vector<TokenIssue> positioned(const std::vector<Example>& examples,
                                   const Sentences& sentences);

}  // namespace labelsieve::cli
