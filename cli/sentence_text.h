// Sentences as results show them: words apart by blanks, with marks around what matters.
#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "labelsieve/span_classification.h"
#include "token_input.h"

namespace labelsieve::cli {

/// Makes the cells of one row at a time: each is valid until the next is made.
class SentenceText {
 public:
  explicit SentenceText(const TokenInput& input) : input_(input) {}

  /// The sentence, in tables with brackets around these of its tokens, in order: "to [Paris] on".
  /// The first of them stays in sight.
  Marked sentence(int64_t sentence, std::span<const int64_t> tokens);

  /// The words of the given and the suggested span. Tables show their sentence, the given one in
  /// brackets, the suggested one in braces where it has other tokens: "the {[New York] Times}".
  Marked span(int64_t sentence, const std::optional<Span>& given,
              const std::optional<Span>& suggested);

  /// Words of the tokens [start, end) of a sentence.
  std::string_view words(int64_t sentence, int64_t start, int64_t end);

 private:
  std::string_view word(int64_t sentence, int64_t token) const {
    return input_.word(input_.sentences().start(sentence) + token);
  }

  const TokenInput& input_;
  std::string plain_;
  std::string shown_;
};

}  // namespace labelsieve::cli
