// The columns of a line of a token file.
#pragma once

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <string_view>

#include "io/number.h"

namespace labelsieve::io {

/// Which columns of a line are wanted, from 0.
struct WantedColumns {
  int64_t token = 0;
  int64_t tag = -1;  ///< -1: the last.
};

/// What they hold, and how many columns there are.
struct LineCells {
  int64_t count = 0;
  std::string_view id;     ///< The first column.
  std::string_view token;  ///< Empty where the line has fewer columns.
  std::string_view tag;
};

/// Alone on a line where files that begin with it were put together.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

inline bool is_blank_char(char c) { return c == ' ' || c == '\t'; }

/// The next line, without its end and any carriage return before it; `text` loses it.
inline std::string_view next_line(std::string_view& text) {
  const auto* newline = static_cast<const char*>(std::memchr(text.data(), '\n', text.size()));
  const size_t size = newline == nullptr ? text.size() : static_cast<size_t>(newline - text.data());
  std::string_view line = text.substr(0, size);
  text.remove_prefix(newline == nullptr ? size : size + 1);
  if (!line.empty() && line.back() == '\r') line.remove_suffix(1);
  return line;
}

inline bool is_blank_line(std::string_view line) {
  return std::all_of(line.begin(), line.end(), is_blank_char);
}

inline bool is_document_start(std::string_view line) {
  constexpr std::string_view kDocumentStart = "-DOCSTART-";
  return line.starts_with(kDocumentStart) &&
         (line.size() == kDocumentStart.size() || is_blank_char(line[kDocumentStart.size()]));
}

/// Takes the cells of a line in turn.
class CellChooser {
 public:
  explicit CellChooser(WantedColumns wanted) : wanted_(wanted) {}

  void add(std::string_view cell) {
    if (cells_.count == 0) cells_.id = cell;
    if (cells_.count == wanted_.token) cells_.token = cell;
    if (cells_.count == wanted_.tag || wanted_.tag < 0) cells_.tag = cell;
    ++cells_.count;
  }
  const LineCells& cells() const { return cells_; }

 private:
  WantedColumns wanted_;
  LineCells cells_;
};

/// Columns apart by any number of blanks and tabs, which may also stand at the ends of the line.
inline LineCells cut_at_blanks(std::string_view line, WantedColumns wanted) {
  CellChooser chooser(wanted);
  const char* at = line.data();
  const char* const end = at + line.size();
  for (;;) {
    while (at != end && is_blank_char(*at)) ++at;
    if (at == end) return chooser.cells();
    const char* const begin = at;
    while (at != end && !is_blank_char(*at)) ++at;
    chooser.add({begin, static_cast<size_t>(at - begin)});
  }
}

/// Columns apart by single tabs; words keep their blanks, the tag loses those around it.
inline LineCells cut_at_tabs(std::string_view line, WantedColumns wanted) {
  CellChooser chooser(wanted);
  const char* at = line.data();
  const char* const end = at + line.size();
  for (;;) {
    const char* const begin = at;
    while (at != end && *at != '\t') ++at;
    chooser.add({begin, static_cast<size_t>(at - begin)});
    if (at == end) break;
    ++at;
  }
  LineCells cells = chooser.cells();
  cells.tag = trimmed(cells.tag);
  return cells;
}

}  // namespace labelsieve::io
