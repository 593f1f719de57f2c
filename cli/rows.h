// Rows of results in every format, from one description of their columns.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "output.h"
#include "table.h"

namespace labelsieve::cli {

/// A set of classes: a list in JSON, else names with separators between them.
struct LabelSet {
  std::span<const int32_t> labels;
  std::span<const std::string> class_names;  ///< Empty: numbers.
  std::string_view separator;
};

/// One value; monostate and NaN are missing: empty in CSV and TSV, null in JSON.
using Cell = std::variant<std::monostate, bool, int64_t, double, std::string_view, LabelSet>;

/// Writes rows as table, CSV (RFC 4180), TSV (quoted the same way), JSON lines, or the elements
/// of a JSON array, one a line.
class RowWriter {
 public:
  /// The titles of the columns are the names in every format.
  RowWriter(Output& output, std::vector<TableColumn> columns);

  /// As many cells as there are columns.
  void write(std::span<const Cell> cells);

  /// Ends the rows; a table is laid out only now, when every cell is known.
  void finish();

 private:
  void write_separated(std::span<const Cell> cells, char separator);
  void write_json(std::span<const Cell> cells);

  Output& output_;
  std::vector<TableColumn> columns_;
  std::vector<std::string> json_keys_;  // "name": with the comma before it
  std::optional<Table> table_;
  std::string line_;
  bool any_ = false;
};

/// The shortest text that reads back as the same number; always with a point or an exponent.
void append_number(std::string& out, double value);

/// A quoted JSON string; malformed UTF-8 becomes U+FFFD.
void append_json_string(std::string& out, std::string_view text);

/// A whole JSON document on one line; malformed UTF-8 becomes U+FFFD.
std::string json_text(const nlohmann::ordered_json& document);

/// A JSON number, or null for NaN.
void append_json_number(std::string& out, double value);

}  // namespace labelsieve::cli
