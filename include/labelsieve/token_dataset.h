// A token dataset as read from files: sentences, words, tags and probabilities.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "labelsieve/dataset.h"
#include "labelsieve/sentences.h"

namespace labelsieve {

/// The tokens of all sentences, one after another, with T tokens in S sentences. Movable, not
/// copyable; all views stay valid as long as the dataset lives.
struct TokenDataset {
  /// Each token an example: labels (T), matrices of probabilities (T×K each, or none if none were
  /// asked for), class names, the line of each token, what was left out, notes. No ids, no text.
  Dataset examples;

  std::vector<int64_t> offsets = {0};    ///< S+1: where each sentence begins, and T.
  std::vector<std::string_view> tokens;  ///< T words, in the bytes of the file.
  std::vector<int32_t> tags;             ///< T: index into tag_names, -1 where a tag is missing.
  std::vector<std::string> tag_names;    ///< The file's own tags in order of appearance.

  int64_t num_document_starts = 0;  ///< Lines -DOCSTART-; they are no tokens.

  Sentences sentences() const { return Sentences(offsets); }
  int64_t num_sentences() const { return static_cast<int64_t>(offsets.size()) - 1; }
  int64_t num_tokens() const { return offsets.back(); }
};

}  // namespace labelsieve
