// The sentences that a subcommand works on: its examples are their tokens.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "input.h"
#include "labelsieve/tag_scheme.h"
#include "labelsieve/token_dataset.h"

namespace labelsieve::cli {

class TokenInput final : public Input {
 public:
  /// Takes the tags apart, in the scheme asked for or detected. Throws Error for tags that the
  /// scheme does not have.
  TokenInput(Context& context, TokenDataset data);

  const Sentences& sentences() const { return sentences_; }
  std::span<const std::string_view> words() const { return words_; }
  std::string_view word(int64_t index) const { return words_[static_cast<size_t>(index)]; }

  /// What the classes mean. Of classes without names, and of 0 and 1, class 0 is outside.
  const TagSet& tags() const { return tags_; }
  /// "in iob2 (detected)", "without a scheme".
  std::string scheme_text() const;
  /// Whether tags say where spans begin and end.
  bool has_scheme() const { return tags_.scheme() != TagScheme::kPlain; }

  /// Whether the automatic method can use the words.
  bool knows_words() const;

  /// Every given span, in order.
  struct GivenSpan {
    int64_t sentence = 0;
    Span span;
  };
  std::vector<GivenSpan> given_spans() const;

  /// How often each tag of the file stands there, in order of appearance.
  const std::vector<std::pair<std::string, int64_t>>& tag_counts() const { return tag_counts_; }

  /// Tags that the scheme does not allow where they stand.
  const std::vector<TagIssue>& illegal_tags() const { return illegal_tags_; }

  /// The line of a token, counted from 1.
  Cell line(int64_t index) const;

  /// "5 sentences"
  std::string counted_sentences() const;

  /// The type of a span; missing for -1.
  Cell type_cell(int64_t type) const;

  std::vector<std::pair<std::string, std::string>> facts() const override;
  std::vector<Diagnosis> more_diagnoses() const override;
  nlohmann::ordered_json summary(const Settings& settings) const override;

  /// Says also which token of which sentence the row is.
  Error located(const Error& error) const override;

 private:
  TokenInput(Context& context, TokenDataset& data, const TokenOptions& options);

  std::vector<int64_t> offsets_;
  Sentences sentences_;
  std::vector<std::string_view> words_;
  int64_t num_document_starts_;
  bool is_scheme_detected_;
  TagSet tags_;
  std::vector<TagIssue> illegal_tags_;
  std::vector<std::pair<std::string, int64_t>> tag_counts_;
};

/// "in train.conll, line 12: I-PER does not continue a span"
std::string described(const TokenInput& input, const TagIssue& issue);

/// A note with the number of illegal tags and the first of them, if there are any.
void note_illegal_tags(const Context& context, const TokenInput& input);

}  // namespace labelsieve::cli
