// What the standard streams are connected to, and how wide text is on them.
#pragma once

#include <string>
#include <string_view>

namespace labelsieve::cli {

struct Terminal {
  bool is_terminal = false;
  bool color = false;
  int width = 0;  ///< Columns; kPipeWidth when it is not a terminal.
};

/// Width of tables that go to a file or a pipe, unless the environment sets COLUMNS.
inline constexpr int kPipeWidth = 200;

/// Looks at standard output (1) or standard error (2). Colour needs a terminal, TERM other than
/// dumb, no NO_COLOR in the environment, and `allow_color`.
Terminal terminal_of(int descriptor, bool allow_color);

/// Terminal columns that UTF-8 text takes up; a malformed byte counts as one.
int display_width(std::string_view text);

/// Text that is safe in a table: runs of white space become one space, control characters and
/// malformed bytes become U+FFFD, so that no text can move the cursor or set a colour.
std::string printable(std::string_view text);

/// Text cut to at most `width` columns, the last of them "…" where something was cut.
std::string shortened(std::string_view text, int width);

/// The end of a text, the first column being "…" where something was cut.
std::string shortened_front(std::string_view text, int width);

}  // namespace labelsieve::cli
