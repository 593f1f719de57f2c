// What a file of tokens holds, before it is matched with probabilities.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/part.h"

namespace labelsieve::io {

struct TokenPart {
  std::string file;                      ///< As the user named it.
  std::vector<int64_t> offsets = {0};    ///< Where sentences begin, and the number of tokens.
  std::vector<std::string_view> tokens;  ///< Words; `owner` keeps them alive.
  std::vector<int64_t> lines;            ///< Per token, from 1.
  LabelColumn tags;                      ///< Texts; kMissingLabel where there is none.
  int64_t num_document_starts = 0;       ///< -DOCSTART- lines.
  bool begins_sentence = false;          ///< A piece of a file: a sentence ends before its tokens.
  std::vector<std::string> notes;        ///< For the user.
  std::shared_ptr<const void> owner;

  int64_t num_tokens() const { return static_cast<int64_t>(tokens.size()); }

  /// Ends a sentence; one without tokens is none.
  void end_sentence() {
    if (num_tokens() > offsets.back()) offsets.push_back(num_tokens());
    if (tokens.empty()) begins_sentence = true;
  }
};

}  // namespace labelsieve::io
