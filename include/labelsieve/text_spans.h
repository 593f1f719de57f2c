// Spans of text by offsets into it, as annotation tools write them, and the tokens they cover.
#pragma once

#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

namespace labelsieve {

/// What offsets into a text count.
enum class OffsetUnit : uint8_t {
  kCodePoints,  ///< Unicode characters, as in Python. The default of files.
  kUtf8Bytes,   ///< Bytes of UTF-8, as in this interface.
  kUtf16Units,  ///< As in JavaScript and Java: a character beyond U+FFFF counts 2.
};

/// Offsets into a UTF-8 text from one unit to another, in any order. An offset may be the end of
/// the text. Throws Error{kInvalidData} for one that is outside of the text or within a character,
/// and for a text that is not UTF-8. Cost: one pass over the text and a sort of the offsets.
std::vector<int64_t> convert_offsets(std::string_view text, std::span<const int64_t> offsets,
                                     OffsetUnit from, OffsetUnit to);

/// Bytes [start, end) of a text.
struct ByteRange {
  int64_t start = 0;
  int64_t end = 0;

  friend bool operator==(const ByteRange&, const ByteRange&) = default;
};

/// The tokens of a UTF-8 text by one fixed rule: runs of letters, digits and underscores, and every
/// other character that is not white space on its own. Characters beyond ASCII are letters, save
/// white space and the punctuation that docs/formats.md lists, with the rule as a Python
/// expression. Throws Error{kInvalidData} for a text that is not UTF-8. Cost: one pass.
std::vector<ByteRange> split_into_tokens(std::string_view text);

/// Where the tokens are in their text: each at its first occurrence behind the one before it.
/// Throws Error{kInvalidData} naming the first token that is not there. Cost: one pass over the
/// text.
std::vector<ByteRange> locate_tokens(std::string_view text,
                                     std::span<const std::string_view> tokens);

/// The tokens that a span of text covers.
struct CoveredTokens {
  int64_t start = 0;  ///< Tokens [start, end) share a byte with the span; empty if none does.
  int64_t end = 0;
  bool is_exact = false;  ///< The span begins where the first of them does and ends with the last.
};

/// The tokens of a span. `tokens` are in order and without overlaps. Cost: O(log tokens).
CoveredTokens covered_tokens(const ByteRange& span, std::span<const ByteRange> tokens);

}  // namespace labelsieve
