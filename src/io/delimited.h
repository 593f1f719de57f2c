// Cells of comma-separated text (RFC 4180 and its usual relatives).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "io/plain_fraction.h"

namespace labelsieve::io {

/// Walks over the cells of a table. A cell that begins with a quote ends at the next single quote,
/// doubled ones inside stand for one; elsewhere quotes mean themselves. Records end with LF or
/// CRLF.
class CellReader {
 public:
  CellReader(const char* begin, const char* end, char separator, int64_t line)
      : begin_(begin), position_(begin), end_(end), separator_(separator), line_(line) {}

  const char* position() const { return position_; }
  int64_t line() const { return line_; }  ///< Of the position, from 1.
  bool at_end() const { return position_ == end_; }

  /// Whether the next cell is the record's only one and empty.
  bool at_blank_line() const {
    return position_ != end_ &&
           (*position_ == '\n' || (*position_ == '\r' && ends_line(position_)));
  }
  void skip_blank_line() {
    position_ += *position_ == '\r' && position_ + 1 != end_ ? 2 : 1;
    ++line_;
  }

  /// Whether the last cell ended its record.
  bool record_ended() const { return record_ended_; }

  /// Whether a quoted cell went on to the end of the text.
  bool quote_is_open() const { return quote_is_open_; }

  /// The next cell, unquoted; valid until the next call.
  std::string_view next();

  /// Reads the next cell as a plain number; false, and nothing read, where it is none or has
  /// quotes or spaces around it.
  bool next_number(double& value);

  /// Reads cells as plain numbers as long as they are, each with a separator behind it, or for the
  /// last of them a newline, and as long as they are few enough for PlainFractions; gives how many
  /// were read. It is next_number() for the bulk of a table. `all_within_unit` becomes false where
  /// one of them is not in [0, 1].
  size_t next_numbers(double* values, size_t count, bool& all_within_unit);

  /// The same for two readers with one separator, of which each reads as many; it stops where
  /// either of them does. Where a number begins is not known before the one before it has been
  /// read; with two to read by turns, a processor need not wait for that.
  static size_t next_numbers_in_step(CellReader& first, double* first_values, bool& first_within,
                                     CellReader& second, double* second_values, bool& second_within,
                                     size_t count);

 private:
  /// The end of the number at a place of the text; null where there is none, or where it may go on
  /// behind the text. It is written to values[i] unless it becomes number i of fractions_.
  /// `within_unit` becomes false where it is not in [0, 1].
  const char* number_at(const char* at, size_t i, double* values, bool& within_unit);
  const char* other_number_at(const char* at, double& value, bool& within_unit) const;
  /// The newline that ends a line at this place, behind a carriage return or not; null if none
  /// does.
  const char* newline_at(const char* at) const;
  bool ends_line(const char* at) const { return at + 1 == end_ || at[1] == '\n'; }
  std::string_view next_quoted();
  void pass_delimiter(const char* at);

  const char* begin_;
  const char* position_;
  const char* end_;
  char separator_;
  bool record_ended_ = false;
  bool quote_is_open_ = false;
  int64_t line_;
  std::string unquoted_;
  PlainFractions fractions_;  // of one call; here, because it need not be cleared for each
};

/// The most frequent of comma, semicolon and tab outside quotes in the first line.
char detect_separator(std::string_view text);

}  // namespace labelsieve::io
