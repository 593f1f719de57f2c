// What a file of tokens holds, before it is matched with probabilities.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "io/part.h"
#include "labelsieve/tag_scheme.h"
#include "labelsieve/text_spans.h"

namespace labelsieve::io {

/// Given spans of text, as tokens of their sentences.
struct SpanColumn {
  std::string name;                    ///< Of the key.
  std::vector<int64_t> offsets = {0};  ///< Where each sentence begins among the spans.
  std::vector<Span> spans;             ///< In order and without overlaps.
  std::vector<std::string> types;      ///< In order of appearance.
  std::vector<uint8_t> is_missing;     ///< Per sentence: 1 where skip_invalid leaves it out.
};

struct TokenPart {
  std::string file;                      ///< As the user named it.
  std::vector<int64_t> offsets = {0};    ///< Where sentences begin, and the number of tokens.
  std::vector<std::string_view> tokens;  ///< Words; `owner` keeps them alive.
  LineNumbers lines;                     ///< Per token, from 1.
  LabelColumn tags;                      ///< Texts; kMissingLabel where there is none.
  std::optional<SpanColumn> spans;       ///< Instead of tags, which assemble_tokens() then makes.
  int64_t num_document_starts = 0;       ///< -DOCSTART- lines.
  bool begins_sentence = false;          ///< A piece of a file: a sentence ends before its tokens.
  std::vector<std::string> notes;        ///< For the user.
  std::shared_ptr<const void> owner;

  // Of JSON lines; empty where they have none.
  std::vector<std::string> ids;         ///< Per sentence.
  std::vector<std::string_view> texts;  ///< Per sentence; `owner` keeps them alive.
  std::vector<ByteRange> ranges;        ///< Per token: its place in the text.
  int64_t num_cut_spans = 0;            ///< Spans that begin or end within a token.
  int64_t first_cut_line = 0;           ///< Where the first of them stands.
  std::optional<Probabilities> pred_probs;
  std::vector<int64_t> invalid;          ///< Tokens whose probabilities skip_invalid leaves out.
  std::vector<std::string> class_names;  ///< Of the columns of probabilities.
  NameOrigin name_origin = NameOrigin::kNone;

  int64_t num_tokens() const { return static_cast<int64_t>(tokens.size()); }

  /// Ends a sentence; one without tokens is none.
  void end_sentence() {
    if (num_tokens() > offsets.back()) offsets.push_back(num_tokens());
    if (tokens.empty()) begins_sentence = true;
  }
};

/// Puts the pieces of a file together, in order; probabilities, class names and owner stay behind.
/// Tags and types of spans are numbered in order of appearance in the whole.
TokenPart merge_token_parts(std::vector<TokenPart> pieces, const Execution& execution);

}  // namespace labelsieve::io
