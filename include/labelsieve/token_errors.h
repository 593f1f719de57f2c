// Wrong labels of tokens from their tags, their probabilities AND their words: the automatic method
// for spans of text, such as names.
//
// It reads the probabilities relative to how frequent each type is (a model that was trained on
// labels in which names are missing has learnt to say O too often), asks how the same word is
// labelled elsewhere, and decides once for each given span (docs/definitions.md §11 has the
// arithmetic, docs/quality.md what it finds).
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "labelsieve/count.h"
#include "labelsieve/sentences.h"
#include "labelsieve/span_classification.h"
#include "labelsieve/tag_scheme.h"

namespace labelsieve {

/// What is known of the tokens beside labels and probabilities; borrowed.
struct TokenContext {
  std::span<const std::string_view> words;  ///< T, in UTF-8.
  /// The document of each sentence, any S numbers. Empty: every 20 sentences are one.
  std::span<const int64_t> documents = {};
};

struct TokenErrorOptions {
  // Parameters that affect the answer.
  /// How far to correct for spans that are missing from the labels, in [0, 1]: 1 where many are, 0
  /// where many spans are spurious. Empty: as the confident joint of the types supports it.
  std::optional<double> base_rate_exponent = {};
  bool list_issues = true;  ///< Whether to list issues with suggestions; else both lists are empty.

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// What the method says of a dataset.
struct TokenErrors {
  /// T, in [0, 1], low = suspicious, NaN for ignored tokens: 1 minus the mean of the probability
  /// that the label is wrong, which counts twice, and of what the model gives to other labels.
  std::vector<double> label_quality;
  std::vector<uint8_t> mask;  ///< T: 1 = issue.
  int64_t num_issues = 0;     ///< Tokens in the mask.
  /// The flagged tokens, lowest label quality first, ties to the lower index. The suggested label
  /// is that of the suggested spans, or where it is the given one, the most probable other.
  std::vector<TokenIssue> issues;
  /// S, in [0, 1], low = suspicious: as probable it is that no span and no other token of the
  /// sentence is wrong, were they independent. 1 for empty sentences.
  std::vector<double> sentence_quality;
  /// How many labels are expected to be wrong. An estimate from the model's own doubts: too low
  /// where it has learnt the errors, too high on clean labels with a weak model.
  double expected_errors = 0;
  /// The wrong spans with suggestions, most suspicious first, ties by sentence and start; the
  /// quality of a span is the lowest of its tokens.
  std::vector<SpanIssue> spans;
  ConfidentJoint joint;  ///< Of the classes; what was counted on the way.
};

/// Whether find_token_errors() has what it needs: a word for every token, and tags of which one is
/// outside and one is not. Where it is false the methods for examples (filter.h, rank.h) remain.
bool has_token_context(const TagSet& tags, const TokenContext& context, int64_t num_tokens);

/// Judges all tokens, sentences and spans. `tags` has the classes of the source's columns.
///
/// Cost: one pass that checks all numbers and counts, three that read whole sentences, and the
/// sentences with issues once more; memory: about 80 bytes a token. Throws Error as
/// find_span_issues() does, and Error{kInvalidArgument} where has_token_context() is false or there
/// is not one document for each sentence.
TokenErrors find_token_errors(Source& source, const Sentences& sentences, const TagSet& tags,
                              const TokenContext& context, const TokenErrorOptions& options = {});

}  // namespace labelsieve
