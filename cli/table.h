// An aligned table for people.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "terminal.h"

namespace labelsieve::cli {

enum class Align : uint8_t { kLeft, kRight };
enum class Style : uint8_t { kPlain, kBad, kGood, kDim };

struct TableColumn {
  std::string title;
  Align align = Align::kLeft;
  Style style = Style::kPlain;
  bool can_be_hidden = false;  ///< Left out where the table would not fit the terminal otherwise.
  int narrowest = 12;          ///< No text is shortened below this.
};

/// Collects cells row by row, then lays them out. Where the table would be wider than the terminal
/// titles are broken at underscores, then the widest texts are shortened, then columns are hidden,
/// all that may be.
class Table {
 public:
  explicit Table(std::vector<TableColumn> columns);

  /// The next cell of the current row; a row is full after as many cells as there are columns.
  void add(std::string_view cell);

  /// A cell of which bytes [start, end) stand out, and stay in sight when it is shortened.
  void add_excerpt(std::string_view text, size_t start, size_t end);

  std::string render(const Terminal& terminal) const;

 private:
  std::string_view cell(size_t position) const;
  void push(std::string_view clean, int width);
  bool fit(int available, std::vector<int>& widths) const;
  std::vector<int> fit_widths(int available) const;
  void append_titles(std::string& out, const std::vector<int>& widths, bool color) const;

  std::vector<TableColumn> columns_;
  std::vector<int> content_widths_;  // widest cell of each column
  std::string text_;                 // all cells one after another: many small strings cost more
  std::vector<size_t> ends_;         // where each cell ends in text_
};

}  // namespace labelsieve::cli
