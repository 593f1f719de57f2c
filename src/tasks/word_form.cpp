#include "tasks/word_form.h"

#include <cstddef>
#include <cstdint>

namespace labelsieve {
namespace {

/// Letters [first, last] whose lower case is `distance` on; or, where it is 0, every second letter
/// from `first` on is upper case and the next one its lower case.
struct CaseRange {
  char32_t first;
  char32_t last;
  char32_t distance;
};

constexpr CaseRange kCaseRanges[] = {
    {U'A', U'Z', 32},     {0x00c0, 0x00d6, 32}, {0x00d8, 0x00de, 32}, {0x0100, 0x012f, 0},
    {0x0132, 0x0137, 0},  {0x0139, 0x0148, 0},  {0x014a, 0x0177, 0},  {0x0179, 0x017e, 0},
    {0x01cd, 0x01dc, 0},  {0x01de, 0x01ef, 0},  {0x01f8, 0x021f, 0},  {0x0222, 0x0233, 0},
    {0x0388, 0x038a, 37}, {0x038e, 0x038f, 63}, {0x0391, 0x03a1, 32}, {0x03a3, 0x03ab, 32},
    {0x0400, 0x040f, 80}, {0x0410, 0x042f, 32}, {0x0460, 0x0481, 0},  {0x048a, 0x04bf, 0},
    {0x04c1, 0x04ce, 0},  {0x04d0, 0x052f, 0},  {0x0531, 0x0556, 48}, {0x1e00, 0x1e95, 0},
    {0x1ea0, 0x1eff, 0},  {0xff21, 0xff3a, 32},
};

struct Decoded {
  char32_t letter = 0;
  size_t length = 0;  // in bytes; 0 where the bytes are no UTF-8
};

/// The code point of two or three bytes at the beginning; all letters with cases here have these.
Decoded decode(std::string_view text) {
  const auto byte = [&](size_t i) -> uint32_t {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0;
  };
  const auto continues = [&](size_t i) { return (byte(i) & 0xc0U) == 0x80U; };
  if ((byte(0) & 0xe0U) == 0xc0U && continues(1)) {
    return {(byte(0) & 0x1fU) << 6 | (byte(1) & 0x3fU), 2};
  }
  if ((byte(0) & 0xf0U) == 0xe0U && continues(1) && continues(2)) {
    return {(byte(0) & 0x0fU) << 12 | (byte(1) & 0x3fU) << 6 | (byte(2) & 0x3fU), 3};
  }
  return {};
}

void append(char32_t letter, size_t length, std::string& form) {
  if (length == 3) {
    form += static_cast<char>(0xe0U | letter >> 12);
    form += static_cast<char>(0x80U | (letter >> 6 & 0x3fU));
  } else {
    form += static_cast<char>(0xc0U | letter >> 6);
  }
  form += static_cast<char>(0x80U | (letter & 0x3fU));
}

}  // namespace

char32_t lower_case(char32_t letter) {
  if (letter == 0x0178) return 0x00ff;
  if (letter == 0x0386) return 0x03ac;
  if (letter == 0x038c) return 0x03cc;
  if (letter == 0x04c0) return 0x04cf;
  for (const CaseRange& range : kCaseRanges) {
    if (letter < range.first || letter > range.last) continue;
    if (range.distance != 0) return letter + range.distance;
    return letter + ((letter - range.first) % 2 == 0 ? 1 : 0);
  }
  return letter;
}

void write_word_form(std::string_view word, std::string& form) {
  form.clear();
  bool in_number = false;
  for (size_t i = 0; i < word.size();) {
    const char c = word[i];
    const bool is_digit = c >= '0' && c <= '9';
    if (is_digit) {
      if (!in_number) form += '0';
      ++i;
    } else if (static_cast<unsigned char>(c) < 0x80) {
      form += c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
      ++i;
    } else if (const Decoded decoded = decode(word.substr(i)); decoded.length > 0) {
      const char32_t lower = lower_case(decoded.letter);
      // The two sides of a case have the same length, but for a few letters left as they are.
      const bool fits = decoded.length == 2 ? lower < 0x800 : true;
      append(fits ? lower : decoded.letter, decoded.length, form);
      i += decoded.length;
    } else {
      form += c;
      ++i;
    }
    in_number = is_digit;
  }
}

}  // namespace labelsieve
