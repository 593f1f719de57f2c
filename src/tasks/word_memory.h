// Which types the other tokens of the same word have: in the same document, and in all.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "labelsieve/sentences.h"

namespace labelsieve {

/// Numbers for words from 0 by first appearance; words that differ in nothing but upper and lower
/// case, or in the digits of a number, are one. UTF-8; bytes that are none stay as they are. Lower
/// case is known for Latin, Greek, Cyrillic and Armenian letters. Cost: one hash per word; memory:
/// 4 bytes per word and the different ones.
std::vector<int32_t> number_words(std::span<const std::string_view> words);

/// How often each group of tokens has each type; memory per pair that occurs.
class TypeCounts {
 public:
  struct Count {
    int32_t type = 0;
    int64_t count = 0;
  };

  /// One group and one type per token; tokens with type -1 are not counted.
  TypeCounts(std::span<const int32_t> groups, std::span<const int32_t> types);

  /// Of one group, by type.
  std::span<const Count> of(int32_t group) const {
    const auto at = static_cast<size_t>(group);
    return std::span(counts_).subspan(starts_[at], starts_[at + 1] - starts_[at]);
  }

 private:
  std::vector<size_t> starts_;  // per group, and the end
  std::vector<Count> counts_;
};

/// The types of all tokens by word, and by word and document. Memory: about 40 bytes a token.
class WordMemory {
 public:
  /// `types`: one per token, -1 for ignored ones. `documents`: one number per sentence; empty: 20
  /// sentences after another are one. `type_shares`: what to expect of a word that is new.
  WordMemory(std::span<const std::string_view> words, const Sentences& sentences,
             std::span<const int64_t> documents, std::vector<int32_t> types,
             std::vector<double> type_shares);

  /// The share of each type among the other tokens with the word of `token`, which is not ignored:
  /// those of its document, with half a token of the shares in all documents, these with half a
  /// token of the type shares. Never depends on the token's own label.
  void shares(int64_t token, std::span<double> out) const;

 private:
  std::vector<int32_t> types_;
  std::vector<double> type_shares_;
  std::vector<int32_t> words_;              // per token
  std::vector<int32_t> words_in_document_;  // per token
  TypeCounts by_word_;
  TypeCounts by_document_;
};

}  // namespace labelsieve
