#include "io/message.h"

#include <algorithm>

#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

constexpr size_t kMaxQuotedBytes = 40;
constexpr size_t kMaxListed = 12;

/// Cuts before a character that begins within the limit, so that UTF-8 stays whole.
std::string_view shortened(std::string_view text) {
  if (text.size() <= kMaxQuotedBytes) return text;
  size_t end = kMaxQuotedBytes;
  while (end > 0 && (static_cast<unsigned char>(text[end]) & 0xC0) == 0x80) --end;
  return text.substr(0, end);
}

void append_escaped(std::string& out, std::string_view text) {
  constexpr std::string_view kHex = "0123456789abcdef";
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '\n') {
      out += "\\n";
    } else if (c == '\t') {
      out += "\\t";
    } else if (byte < 0x20 || byte == 0x7F) {
      out += "\\x";
      out += kHex[byte >> 4];
      out += kHex[byte & 15];
    } else {
      out += c;
    }
  }
}

}  // namespace

std::string quoted_text(std::string_view text) {
  const std::string_view part = shortened(text);
  std::string out = "\"";
  append_escaped(out, part);
  if (part.size() < text.size()) out += "…";
  return out + "\"";
}

std::string list_of(const std::vector<std::string>& names) {
  std::string out;
  const size_t shown = std::min(names.size(), kMaxListed);
  for (size_t i = 0; i < shown; ++i) {
    if (i > 0) out += ", ";
    const std::string_view part = shortened(names[i]);
    append_escaped(out, part);
    if (part.size() < names[i].size()) out += "…";
  }
  if (shown < names.size()) out += ", … (" + std::to_string(names.size()) + " in all)";
  return out;
}

std::string count_of(int64_t count, std::string_view noun) {
  return std::to_string(count) + " " + std::string(noun) + (count == 1 ? "" : "s");
}

void refuse_file(const std::string& file, const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message, {.file = file});
}

}  // namespace labelsieve::io
