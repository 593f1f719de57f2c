#include "sentence_text.h"

#include <algorithm>

namespace labelsieve::cli {

std::string_view SentenceText::words(int64_t sentence, int64_t start, int64_t end) {
  plain_.clear();
  for (int64_t token = start; token < end; ++token) {
    if (token > start) plain_ += ' ';
    plain_ += word(sentence, token);
  }
  return plain_;
}

Marked SentenceText::sentence(int64_t sentence, std::span<const int64_t> tokens) {
  const int64_t length = input_.sentences().length(sentence);
  Marked marked{.text = words(sentence, 0, length), .shown = {}};
  shown_.clear();
  auto next = tokens.begin();
  for (int64_t token = 0; token < length; ++token) {
    if (token > 0) shown_ += ' ';
    const bool is_marked = next != tokens.end() && *next == token;
    const size_t start = shown_.size();
    if (is_marked) shown_ += '[';
    shown_ += word(sentence, token);
    if (!is_marked) continue;
    shown_ += ']';
    if (next == tokens.begin()) {
      marked.start = start;
      marked.end = shown_.size();
    }
    ++next;
  }
  marked.shown = shown_;
  return marked;
}

Marked SentenceText::span(int64_t sentence, const std::optional<Span>& given,
                          const std::optional<Span>& suggested) {
  const Span& one = given ? *given : *suggested;
  const Span& other = suggested ? *suggested : one;
  const int64_t start = std::min(one.start, other.start);
  const int64_t end = std::max(one.end, other.end);
  const bool has_braces = !given || one.start != other.start || one.end != other.end;
  // Of two marks at one place the longer span's is outside.
  const bool braces_outside = !given || other.end - other.start >= one.end - one.start;
  const auto add = [&](bool braces, bool brackets, std::string_view brace, std::string_view bracket,
                       bool brace_first) {
    if (braces && brace_first) shown_ += brace;
    if (brackets) shown_ += bracket;
    if (braces && !brace_first) shown_ += brace;
  };
  Marked marked{.text = words(sentence, start, end), .shown = {}};
  shown_.clear();
  for (int64_t token = 0; token < input_.sentences().length(sentence); ++token) {
    if (token > 0) shown_ += ' ';
    if (token == start) marked.start = shown_.size();
    add(has_braces && suggested && token == other.start, given && token == one.start, "{", "[",
        braces_outside);
    shown_ += word(sentence, token);
    add(has_braces && suggested && token + 1 == other.end, given && token + 1 == one.end, "}", "]",
        !braces_outside);
    if (token + 1 == end) marked.end = shown_.size();
  }
  marked.shown = shown_;
  return marked;
}

}  // namespace labelsieve::cli
