// The first and last column of short lines, eight bytes at a time and nearly without branches:
// words and tags are of such different lengths that a loop over bytes is mispredicted at each.
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "io/conll_line.h"

namespace labelsieve::io {

/// Bytes that are looked at; a line with its newline within them is short.
inline constexpr size_t kShortLineBytes = 48;

/// Bit i is set where byte i of the (little-endian) word is `byte`.
inline uint64_t bytes_equal(uint64_t word, char byte) {
  constexpr uint64_t kOnes = 0x0101010101010101;
  constexpr uint64_t kLow = 0x7F * kOnes;
  const uint64_t differs = word ^ kOnes * static_cast<unsigned char>(byte);
  // The top bit of each byte that is 0 after the xor; then the eight of them side by side.
  const uint64_t found = ~(((differs & kLow) + kLow) | differs | kLow);
  return (found >> 7) * 0x0102040810204080 >> 56;
}

/// Cuts the line at `text`, of which kShortLineBytes can be read, into its first column (token)
/// and its last (tag), as cut_at_tabs() and cut_at_blanks() do. Gives the bytes up to and with the
/// newline, 0 where the line is not short or the machine is big-endian.
inline size_t cut_short_line(const char* text, bool tabs, std::string_view& line,
                             LineCells& cells) {
  if constexpr (std::endian::native != std::endian::little) return 0;
  uint64_t newlines = 0;
  uint64_t separators = 0;
  for (size_t at = 0; newlines == 0 && at < kShortLineBytes; at += sizeof(uint64_t)) {
    uint64_t word = 0;
    std::memcpy(&word, text + at, sizeof word);
    newlines = bytes_equal(word, '\n') << at;
    separators |= bytes_equal(word, '\t') << at;
    if (!tabs) separators |= bytes_equal(word, ' ') << at;
  }
  if (newlines == 0) return 0;
  const auto newline = static_cast<size_t>(std::countr_zero(newlines));
  const size_t size = newline - (newline > 0 && text[newline - 1] == '\r' ? 1 : 0);
  line = {text, size};
  const uint64_t inside = (uint64_t{1} << size) - 1;
  // A bit where a column starts, and one just behind each.
  uint64_t starts = 0;
  uint64_t ends = 0;
  if (tabs) {
    ends = (separators & inside) | uint64_t{1} << size;
    starts = (separators & inside) << 1 | 1;
  } else {
    const uint64_t filled = ~separators & inside;
    starts = filled & ~(filled << 1);
    ends = ~filled & filled << 1;
    if (filled == 0) return newline + 1;  // a blank line, without cells
  }
  const auto cell = [&](int start, int end) {
    return std::string_view(text + start, static_cast<size_t>(end - start));
  };
  cells.count = 0;
  // Without an instruction for it, std::popcount takes longer than a few rounds.
  for (uint64_t left = starts; left != 0; left &= left - 1) ++cells.count;
  cells.token = cell(std::countr_zero(starts), std::countr_zero(ends));
  cells.tag = cell(63 - std::countl_zero(starts), 63 - std::countl_zero(ends));
  cells.id = cells.token;
  if (tabs) cells.tag = trimmed(cells.tag);
  return newline + 1;
}

}  // namespace labelsieve::io
