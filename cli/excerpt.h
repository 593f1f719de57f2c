// A text of which a part stands out and stays in sight when the text has to be shortened.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace labelsieve::cli {

class Excerpt {
 public:
  /// Bytes [start, end) of the text stand out. All of it becomes printable().
  Excerpt(std::string_view text, size_t start, size_t end);

  /// One string that holds the three parts, as a cell of a table keeps it.
  std::string packed() const;
  static bool is_packed(std::string_view cell);
  static Excerpt unpacked(std::string_view cell);

  /// Terminal columns.
  int width() const;

  /// Cut to `width` columns, at both ends if need be; what stands out is cut last.
  Excerpt fitted(int width) const;

  /// With the codes that set what stands out in `color`, or without any if that is empty.
  std::string text(std::string_view color) const;

 private:
  Excerpt() = default;

  std::string before_, focus_, behind_;
};

}  // namespace labelsieve::cli
