// A token dataset as read from files: sentences, words, tags and probabilities.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "labelsieve/dataset.h"
#include "labelsieve/sentences.h"
#include "labelsieve/text_spans.h"

namespace labelsieve {

/// The tokens of all sentences, one after another, with T tokens in S sentences. Movable, not
/// copyable; all views stay valid as long as the dataset lives. In JSON lines a sentence without
/// tokens is one, so that sentence s is the object number s; other formats have none.
struct TokenDataset {
  /// Each token an example: labels (T), matrices of probabilities (T×K each, or none if none were
  /// asked for), class names, the line of each token, what was left out, notes. No ids, no text.
  Dataset examples;

  std::vector<int64_t> offsets = {0};    ///< S+1: where each sentence begins, and T.
  std::vector<std::string_view> tokens;  ///< T words.
  std::vector<int32_t> tags;             ///< T: index into tag_names, -1 where a tag is missing.
  std::vector<std::string> tag_names;    ///< The file's own tags in order of appearance.

  // Of JSON lines; empty where the file has none.
  std::vector<std::string> ids;         ///< S
  std::vector<std::string_view> texts;  ///< S
  std::vector<ByteRange> token_ranges;  ///< T: the bytes of each token in its text, for spans.
  /// Tokens labelled -100: they keep their place, are ignored, and are not in examples.num_skipped.
  int64_t num_ignored = 0;

  int64_t num_document_starts = 0;  ///< Lines -DOCSTART-; they are no tokens.

  Sentences sentences() const { return Sentences(offsets); }
  int64_t num_sentences() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t num_tokens() const { return offsets.back(); }
};

}  // namespace labelsieve
