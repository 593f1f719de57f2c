#include "terminal.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <charconv>
#include <clocale>
#include <cstdlib>
#include <cwchar>

namespace labelsieve::cli {
namespace {

constexpr std::string_view kReplacement = "\xEF\xBF\xBD";  // U+FFFD
constexpr std::string_view kEllipsis = "\xE2\x80\xA6";     // U+2026

struct Character {
  wchar_t code = 0;
  size_t bytes = 1;
  bool valid = false;
};

/// The character at the start of non-empty text. mbrtowc knows the rules of UTF-8 once the locale
/// says so; wcwidth needs that locale as well.
Character first_character(std::string_view text) {
  static const char* const kLocale = std::setlocale(LC_CTYPE, "C.UTF-8");
  if (kLocale == nullptr || static_cast<unsigned char>(text.front()) < 0x80) {
    return {static_cast<wchar_t>(static_cast<unsigned char>(text.front())), 1, true};
  }
  std::mbstate_t state{};
  wchar_t code = 0;
  const size_t bytes = std::mbrtowc(&code, text.data(), text.size(), &state);
  if (bytes == 0 || bytes > text.size()) return {};
  return {code, bytes, true};
}

/// Printable ASCII without spaces, as numbers and most names are.
bool is_plain(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

int width_of(const Character& character) {
  if (!character.valid) return 1;
  if (character.code >= 0x20 && character.code < 0x7F) return 1;
  const int width = wcwidth(character.code);
  return width < 0 ? 1 : width;
}

bool is_control(const Character& character) {
  const auto code = static_cast<char32_t>(character.code);
  const bool is_direction =
      (code >= 0x202A && code <= 0x202E) || (code >= 0x2066 && code <= 0x2069);
  return !character.valid || code < 0x20 || (code >= 0x7F && code < 0xA0) || is_direction;
}

int width_from_environment() {
  const char* const columns = std::getenv("COLUMNS");
  if (columns == nullptr) return 0;
  const std::string_view text(columns);
  int width = 0;
  std::from_chars(text.data(), text.data() + text.size(), width);
  return width;
}

}  // namespace

Terminal terminal_of(int descriptor, bool allow_color) {
  Terminal terminal;
  terminal.is_terminal = isatty(descriptor) == 1;
  winsize size{};
  if (terminal.is_terminal && ioctl(descriptor, TIOCGWINSZ, &size) == 0) {
    terminal.width = size.ws_col;
  }
  if (terminal.width <= 0) terminal.width = width_from_environment();
  if (terminal.width <= 0) terminal.width = terminal.is_terminal ? 80 : kPipeWidth;
  const char* const no_color = std::getenv("NO_COLOR");
  const char* const term = std::getenv("TERM");
  terminal.color = allow_color && terminal.is_terminal &&
                   (no_color == nullptr || *no_color == '\0') &&
                   (term == nullptr || std::string_view(term) != "dumb");
  return terminal;
}

int display_width(std::string_view text) {
  if (is_plain(text)) return static_cast<int>(text.size());
  int width = 0;
  while (!text.empty()) {
    const Character character = first_character(text);
    width += width_of(character);
    text.remove_prefix(character.bytes);
  }
  return width;
}

std::string printable(std::string_view text) {
  if (is_plain(text)) return std::string(text);
  std::string result;
  result.reserve(text.size());
  bool pending_space = false;
  while (!text.empty()) {
    const Character character = first_character(text);
    const std::string_view bytes = text.substr(0, character.bytes);
    text.remove_prefix(character.bytes);
    if (bytes.size() == 1 &&
        std::string_view(" \t\n\r\v\f").find(bytes[0]) != std::string_view::npos) {
      pending_space = !result.empty();
      continue;
    }
    if (pending_space) result += ' ';
    pending_space = false;
    result += is_control(character) ? kReplacement : bytes;
  }
  return result;
}

std::string shortened(std::string_view text, int width) {
  int used = 0;
  size_t cut = 0;    // bytes that fit beside an ellipsis
  size_t taken = 0;  // bytes looked at
  while (taken < text.size()) {
    const Character character = first_character(text.substr(taken));
    used += width_of(character);
    if (used > width) return std::string(text.substr(0, cut)) + std::string(kEllipsis);
    taken += character.bytes;
    if (used < width) cut = taken;
  }
  return std::string(text);
}

std::string shortened_front(std::string_view text, int width) {
  int excess = display_width(text) - width;
  if (excess <= 0) return std::string(text);
  if (width <= 0) return {};
  ++excess;  // for the ellipsis
  while (excess > 0) {
    const Character character = first_character(text);
    excess -= width_of(character);
    text.remove_prefix(character.bytes);
  }
  return std::string(kEllipsis) + std::string(text);
}

}  // namespace labelsieve::cli
