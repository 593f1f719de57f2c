#include "table.h"

#include <algorithm>
#include <numeric>

#include "excerpt.h"

namespace labelsieve::cli {
namespace {

constexpr int kGap = 2;
constexpr int kHidden = -1;  // width of a column that is left out

std::string_view color_code(Style style) {
  switch (style) {
    case Style::kPlain: return {};
    case Style::kBad: return "\033[31m";
    case Style::kGood: return "\033[32m";
    case Style::kDim: return "\033[2m";
  }
  return {};
}

/// "given_label" as lines no wider than `width`: "given_" and "label". A part that is wider than
/// that stays whole.
std::vector<std::string> broken_title(std::string_view title, int width) {
  std::vector<std::string> lines(1);
  while (!title.empty()) {
    const size_t underscore = title.find('_');
    const std::string_view part =
        title.substr(0, underscore == std::string_view::npos ? underscore : underscore + 1);
    if (!lines.back().empty() && display_width(lines.back()) + display_width(part) > width) {
      lines.emplace_back();
    }
    lines.back() += part;
    title.remove_prefix(part.size());
  }
  return lines;
}

int widest_part(std::string_view title) {
  int widest = 0;
  for (const std::string& line : broken_title(title, 0)) {
    widest = std::max(widest, display_width(line));
  }
  return widest;
}

/// Text that may hold the codes of colours, and so many blanks behind it.
void append_padded(std::string& out, std::string_view text, int padding, bool is_last) {
  out += text;
  if (is_last) {
    out += '\n';
  } else {
    out.append(static_cast<size_t>(std::max(0, padding)) + kGap, ' ');
  }
}

void append_aligned(std::string& out, std::string_view text, int width, Align align,
                    std::string_view color, bool is_last) {
  const auto padding = static_cast<size_t>(std::max(0, width - display_width(text)));
  if (align == Align::kRight) out.append(padding, ' ');
  if (color.empty() || text.empty()) {
    out += text;
  } else {
    out.append(color).append(text).append("\033[0m");
  }
  if (is_last) {
    out.resize(out.find_last_not_of(' ') + 1);
    out += '\n';
  } else {
    out.append((align == Align::kLeft ? padding : 0) + kGap, ' ');
  }
}

}  // namespace

Table::Table(std::vector<TableColumn> columns)
    : columns_(std::move(columns)), content_widths_(columns_.size(), 0) {}

void Table::push(std::string_view clean, int width) {
  int& widest = content_widths_[ends_.size() % columns_.size()];
  widest = std::max(widest, width);
  text_ += clean;
  ends_.push_back(text_.size());
}

void Table::add(std::string_view cell) {
  const std::string clean = printable(cell);
  push(clean, display_width(clean));
}

void Table::add_excerpt(std::string_view text, size_t start, size_t end) {
  const Excerpt excerpt(text, start, end);
  push(excerpt.packed(), excerpt.width());
}

std::string_view Table::cell(size_t position) const {
  const size_t begin = position == 0 ? 0 : ends_[position - 1];
  return std::string_view(text_).substr(begin, ends_[position] - begin);
}

/// Narrows the columns that are not hidden; false where they still do not fit.
bool Table::fit(int available, std::vector<int>& widths) const {
  const size_t count = columns_.size();
  int excess = -available - kGap;
  for (size_t c = 0; c < count; ++c) {
    if (widths[c] == kHidden) continue;
    widths[c] = std::max(content_widths_[c], display_width(columns_[c].title));
    excess += widths[c] + kGap;
  }
  for (size_t c = 0; c < count && excess > 0; ++c) {
    if (widths[c] == kHidden) continue;
    const int narrow = std::max(content_widths_[c], widest_part(columns_[c].title));
    excess -= widths[c] - narrow;
    widths[c] = narrow;
  }
  while (excess > 0) {
    size_t widest = count;
    for (size_t c = 0; c < count; ++c) {
      if (columns_[c].align == Align::kRight || widths[c] <= columns_[c].narrowest) continue;
      if (widest == count || widths[c] > widths[widest]) widest = c;
    }
    if (widest == count) return false;
    --widths[widest];
    --excess;
  }
  return true;
}

std::vector<int> Table::fit_widths(int available) const {
  std::vector<int> widths(columns_.size(), 0);
  if (fit(available, widths)) return widths;
  for (size_t c = 0; c < columns_.size(); ++c) {
    if (columns_[c].can_be_hidden) widths[c] = kHidden;
  }
  fit(available, widths);
  return widths;
}

void Table::append_titles(std::string& out, const std::vector<int>& widths, bool color) const {
  std::vector<std::vector<std::string>> titles;
  size_t height = 0;
  for (size_t c = 0; c < columns_.size(); ++c) {
    titles.push_back(broken_title(columns_[c].title, widths[c]));
    height = std::max(height, titles.back().size());
  }
  for (size_t line = 0; line < height; ++line) {
    for (size_t c = 0; c < columns_.size(); ++c) {
      if (widths[c] == kHidden) continue;
      const size_t skipped = height - titles[c].size();
      append_aligned(out, line < skipped ? std::string_view{} : titles[c][line - skipped],
                     widths[c], columns_[c].align, color ? "\033[1m" : "",
                     c + 1 == columns_.size());
    }
  }
}

std::string Table::render(const Terminal& terminal) const {
  const std::vector<int> widths = fit_widths(terminal.width);
  std::string out;
  append_titles(out, widths, terminal.color);
  for (size_t position = 0; position < ends_.size(); ++position) {
    const size_t c = position % columns_.size();
    if (widths[c] == kHidden) continue;
    const std::string_view color =
        terminal.color ? color_code(columns_[c].style) : std::string_view{};
    const bool is_last = c + 1 == columns_.size();
    const std::string_view text = cell(position);
    if (Excerpt::is_packed(text)) {
      const Excerpt excerpt = Excerpt::unpacked(text).fitted(widths[c]);
      append_padded(out, excerpt.text(color), widths[c] - excerpt.width(), is_last);
    } else if (columns_[c].align == Align::kLeft && display_width(text) > widths[c]) {
      append_aligned(out, shortened(text, widths[c]), widths[c], Align::kLeft, color, is_last);
    } else {
      append_aligned(out, text, widths[c], columns_[c].align, color, is_last);
    }
  }
  return out;
}

}  // namespace labelsieve::cli
