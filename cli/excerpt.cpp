#include "excerpt.h"

#include <algorithm>

#include "terminal.h"

namespace labelsieve::cli {
namespace {

constexpr char kSeparator = '\x1F';  // never in printable text

/// printable() takes blanks at both ends away; here one has to stay.
std::string printable_part(std::string_view text) {
  if (text.empty()) return {};
  std::string clean = printable(text);
  const bool is_blank = clean.empty();
  if (text.front() == ' ') clean.insert(0, 1, ' ');
  if (text.back() == ' ' && !is_blank) clean += ' ';
  return clean;
}

}  // namespace

Excerpt::Excerpt(std::string_view text, size_t start, size_t end)
    : before_(printable_part(text.substr(0, start))),
      focus_(printable_part(text.substr(start, end - start))),
      behind_(printable_part(text.substr(end))) {}

std::string Excerpt::packed() const { return before_ + kSeparator + focus_ + kSeparator + behind_; }

bool Excerpt::is_packed(std::string_view cell) {
  return cell.find(kSeparator) != std::string_view::npos;
}

Excerpt Excerpt::unpacked(std::string_view cell) {
  const size_t first = cell.find(kSeparator);
  const size_t second = cell.find(kSeparator, first + 1);
  Excerpt excerpt;
  excerpt.before_ = cell.substr(0, first);
  excerpt.focus_ = cell.substr(first + 1, second - first - 1);
  excerpt.behind_ = cell.substr(second + 1);
  return excerpt;
}

int Excerpt::width() const {
  return display_width(before_) + display_width(focus_) + display_width(behind_);
}

Excerpt Excerpt::fitted(int width) const {
  Excerpt cut;
  cut.focus_ = shortened(focus_, width);
  const int left = display_width(before_);
  const int right = display_width(behind_);
  const int rest = width - display_width(cut.focus_);
  const int for_left = std::min(left, std::max(rest / 2, rest - right));
  cut.before_ = shortened_front(before_, for_left);
  if (rest > for_left) cut.behind_ = shortened(behind_, rest - for_left);
  return cut;
}

std::string Excerpt::text(std::string_view color) const {
  if (color.empty() || focus_.empty()) return before_ + focus_ + behind_;
  return before_ + std::string(color) + focus_ + "\033[0m" + behind_;
}

}  // namespace labelsieve::cli
