#include "io/conll_look.h"

#include <array>
#include <cctype>
#include <string>

namespace labelsieve::io {
namespace {

constexpr size_t kBytes = size_t{1} << 16;

/// "O", or a prefix of any scheme and a type.
bool is_span_tag(std::string_view tag) {
  constexpr std::string_view kTagPrefixes = "BIESLU";
  if (tag == "O") return true;
  return tag.size() > 2 && tag[1] == '-' && kTagPrefixes.find(tag[0]) != std::string_view::npos;
}

/// The lines of a text, as long as they look like tokens.
class Look {
 public:
  explicit Look(bool is_table) : is_table_(is_table) {}

  /// Whether the text may go on.
  bool add(std::string_view line) {
    if (is_blank_line(line) || is_document_start(line)) {
      ends_sentence_ = columns_ > 0;
      return true;
    }
    const bool tabs = is_table_ || line.find('\t') != std::string_view::npos;
    const LineCells cells = tabs ? cut_at_tabs(line, {}) : cut_at_blanks(line, {});
    if (columns_ == 0 && is_table_ && names_columns(cells)) {
      columns_ = cells.count;
      return true;
    }
    // Comments are told from words only where they do not fit.
    if (!fits(cells)) return line.front() == '#';
    columns_ = cells.count;
    ++num_tokens_;
    has_blank_line_ = has_blank_line_ || ends_sentence_;
    return true;
  }

  bool is_tokens() const { return num_tokens_ > 0 && (has_blank_line_ || !is_table_); }

 private:
  bool fits(const LineCells& cells) const {
    return cells.count > 1 && (columns_ == 0 || cells.count == columns_) && is_span_tag(cells.tag);
  }

  bool is_table_;
  int64_t columns_ = 0;  // of the first token; 0: none yet
  int64_t num_tokens_ = 0;
  bool ends_sentence_ = false;
  bool has_blank_line_ = false;  // between two tokens
};

}  // namespace

bool names_columns(const LineCells& cells) {
  constexpr std::array<std::string_view, 5> kWords = {"token", "tokens", "word", "words", "form"};
  constexpr std::array<std::string_view, 8> kTags = {"tag",      "tags", "label", "labels",
                                                     "ner_tags", "ner",  "upos",  "pos"};
  const auto is_one_of = [](std::string_view text, const auto& names) {
    std::string lower(text);
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    return std::find(names.begin(), names.end(), lower) != names.end();
  };
  return is_one_of(cells.token, kWords) && is_one_of(cells.tag, kTags);
}

bool begins_with_tagged_tokens(std::string_view text, bool is_table, bool is_whole) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  if (text.size() > kBytes || !is_whole) {
    const size_t end = text.substr(0, kBytes).rfind('\n');
    text = text.substr(0, end == std::string_view::npos ? 0 : end + 1);
  }
  Look look(is_table);
  while (!text.empty()) {
    if (!look.add(next_line(text))) return false;
  }
  return look.is_tokens();
}

}  // namespace labelsieve::io
