#include "labelsieve/text_spans.h"

#include <simdjson.h>

#include <algorithm>
#include <numeric>
#include <string>

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

std::vector<ByteRange> locate_tokens(std::string_view text,
                                     std::span<const std::string_view> tokens) {
  std::vector<ByteRange> ranges;
  ranges.reserve(tokens.size());
  size_t behind = 0;
  for (const std::string_view token : tokens) {
    const size_t start = text.find(token, behind);
    if (start == std::string_view::npos || token.empty()) {
      refuse("token " + std::to_string(ranges.size()) + ", \"" + std::string(token) +
             "\", is not in the text behind the one before it");
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
