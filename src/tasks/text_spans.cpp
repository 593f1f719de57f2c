#include "labelsieve/text_spans.h"

#include <simdjson.h>

#include <algorithm>
#include <iterator>
#include <numeric>
#include <string>

#include "io/message.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

/// A place between two characters of a text, in every unit.
struct Place {
  int64_t code_points = 0;
  int64_t utf8_bytes = 0;
  int64_t utf16_units = 0;

  int64_t in(OffsetUnit unit) const {
    switch (unit) {
      case OffsetUnit::kCodePoints: return code_points;
      case OffsetUnit::kUtf8Bytes: return utf8_bytes;
      default: return utf16_units;
    }
  }

  /// Steps over the character that begins here; the text is valid.
  void advance(std::string_view text) {
    const auto lead = static_cast<unsigned char>(text[static_cast<size_t>(utf8_bytes)]);
    const int64_t bytes = lead < 0x80 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4;
    ++code_points;
    utf8_bytes += bytes;
    utf16_units += bytes == 4 ? 2 : 1;
  }
};

/// Characters [first, last].
struct CharRange {
  uint32_t first;
  uint32_t last;
};

constexpr CharRange kSpaces[] = {
    {0x09, 0x0D},     {0x1C, 0x20},     {0x85, 0x85},     {0xA0, 0xA0},     {0x1680, 0x1680},
    {0x2000, 0x200A}, {0x2028, 0x2029}, {0x202F, 0x202F}, {0x205F, 0x205F}, {0x3000, 0x3000}};
// Beyond ASCII: what stands between words, not the signs that only some languages have.
constexpr CharRange kPunctuation[] = {{0x80, 0x9F},     {0xA1, 0xA9},     {0xAB, 0xB4},
                                      {0xB6, 0xB9},     {0xBB, 0xBF},     {0x2010, 0x2027},
                                      {0x2030, 0x205E}, {0x3001, 0x3003}, {0x3008, 0x3011},
                                      {0xFF01, 0xFF0F}, {0xFF1A, 0xFF20}};

enum class CharKind : uint8_t { kSpace, kLetter, kOther };

CharKind kind_of(uint32_t c) {
  const auto is_in = [c](const CharRange& range) { return c >= range.first && c <= range.last; };
  if (std::any_of(std::begin(kSpaces), std::end(kSpaces), is_in)) return CharKind::kSpace;
  if (c >= 0x80) {
    const bool between = std::any_of(std::begin(kPunctuation), std::end(kPunctuation), is_in);
    return between ? CharKind::kOther : CharKind::kLetter;
  }
  const bool letter = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  return letter || c == '_' ? CharKind::kLetter : CharKind::kOther;
}

/// The character that begins at `at` of a valid text; `at` moves behind it.
uint32_t take_character(std::string_view text, size_t& at) {
  const auto lead = static_cast<unsigned char>(text[at++]);
  if (lead < 0x80) return lead;
  const int more = lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
  uint32_t c = lead & (0x3FU >> more);
  for (int i = 0; i < more; ++i) c = c << 6 | (static_cast<unsigned char>(text[at++]) & 0x3FU);
  return c;
}

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message);
}

}  // namespace

std::vector<int64_t> convert_offsets(std::string_view text, std::span<const int64_t> offsets,
                                     OffsetUnit from, OffsetUnit to) {
  if (!simdjson::validate_utf8(text.data(), text.size())) refuse("the text is not UTF-8");
  std::vector<size_t> order(offsets.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return offsets[a] < offsets[b]; });
  std::vector<int64_t> converted(offsets.size());
  const auto size = static_cast<int64_t>(text.size());
  Place place;
  for (const size_t at : order) {
    const int64_t offset = offsets[at];
    while (place.in(from) < offset && place.utf8_bytes < size) place.advance(text);
    if (offset < 0 || place.in(from) < offset) {
      refuse("the offset " + std::to_string(offset) +
             " is outside of the text; what do its offsets count: characters, bytes of UTF-8 or "
             "units of UTF-16?");
    }
    if (place.in(from) > offset) {
      refuse("the offset " + std::to_string(offset) +
             " is within a character; what do the offsets count: characters, bytes of UTF-8 or "
             "units of UTF-16?");
    }
    converted[at] = place.in(to);
  }
  return converted;
}

std::vector<ByteRange> split_into_tokens(std::string_view text) {
  if (!simdjson::validate_utf8(text.data(), text.size())) refuse("the text is not UTF-8");
  std::vector<ByteRange> tokens;
  bool in_word = false;
  for (size_t at = 0; at < text.size();) {
    const auto start = static_cast<int64_t>(at);
    const CharKind kind = kind_of(take_character(text, at));
    const auto end = static_cast<int64_t>(at);
    if (kind == CharKind::kLetter && in_word) {
      tokens.back().end = end;
    } else if (kind != CharKind::kSpace) {
      tokens.push_back({start, end});
    }
    in_word = kind == CharKind::kLetter;
  }
  return tokens;
}

std::vector<ByteRange> locate_tokens(std::string_view text,
                                     std::span<const std::string_view> tokens) {
  std::vector<ByteRange> ranges;
  ranges.reserve(tokens.size());
  size_t behind = 0;
  for (const std::string_view token : tokens) {
    const size_t start = text.find(token, behind);
    if (start == std::string_view::npos || token.empty()) {
      refuse("token " + std::to_string(ranges.size()) + ", " + io::quoted_text(token) +
             ", is not in the text behind the one before it");
    }
    behind = start + token.size();
    ranges.push_back({static_cast<int64_t>(start), static_cast<int64_t>(behind)});
  }
  return ranges;
}

CoveredTokens covered_tokens(const ByteRange& span, std::span<const ByteRange> tokens) {
  // The first token that ends behind the span's start, and the first that starts at its end.
  const auto first = std::partition_point(tokens.begin(), tokens.end(),
                                          [&](const ByteRange& t) { return t.end <= span.start; });
  const auto last = std::partition_point(first, tokens.end(),
                                         [&](const ByteRange& t) { return t.start < span.end; });
  CoveredTokens covered{first - tokens.begin(), last - tokens.begin(), false};
  if (first != last) {
    covered.is_exact = first->start == span.start && std::prev(last)->end == span.end;
  }
  return covered;
}

}  // namespace labelsieve
