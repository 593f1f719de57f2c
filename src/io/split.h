// Cutting text into pieces that threads can parse on their own.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "labelsieve/execution.h"

namespace labelsieve::io {

/// Whole records of a text.
struct TextPiece {
  const char* begin = nullptr;
  const char* end = nullptr;
  int64_t first_line = 1;  ///< Line of `begin`.
  int64_t num_lines = 0;   ///< Lines within, a last one without newline counts.
};

/// Cuts `text`, whose first line is number `first_line`, behind newlines into pieces of about
/// `piece_bytes`. With `quotes`, newlines between double quotes are no ends: whether a position is
/// inside follows from the number of quotes before it, which is a guess where quotes stand in
/// unquoted cells. The parser of a piece knows better, and must end where the next one begins.
std::vector<TextPiece> split_text(std::string_view text, int64_t first_line, int64_t piece_bytes,
                                  bool quotes, const Execution& execution);

/// The text without a byte order mark. Throws Error{kInvalidData} for UTF-16 and UTF-32.
std::string_view without_byte_order_mark(std::string_view text, const std::string& file);

}  // namespace labelsieve::io
