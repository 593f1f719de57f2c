// The rows of a delimited table.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "io/row_batch.h"

namespace labelsieve::io {

enum class CellRole : uint8_t {
  kSkip,
  kLabel,
  kLabelSet,  ///< Labels with separators between them.
  kOneHot,    ///< 1 where the example has one class.
  kId,
  kText,
  kProbability,
  kVector
};

/// One column, or neighbouring columns of probabilities in the order of the classes.
struct ColumnRun {
  CellRole role = CellRole::kSkip;
  size_t first = 0;  ///< Column.
  size_t count = 0;
  int64_t prob_position = -1;  ///< Of the first column in a row of the matrix; of a one-hot class.
};

/// How to read each record of a table.
struct CsvLayout {
  TableShape shape;
  char separator = ',';
  std::vector<std::string> columns;          ///< Names.
  std::vector<ColumnRun> runs;               ///< All columns, from the left.
  std::string set_separator;                 ///< kLabelSet.
  std::vector<std::string> one_hot_classes;  ///< kOneHot.
  bool skip_invalid = false;
  bool any_number = false;  ///< Logits, or numbers that are not to be checked.
};

/// Parses the records of a piece into `batch`; `elements` is the matrix of all batches and
/// `text_end` the end of the whole text, into which a quoted cell may reach.
/// Throws Error{kInvalidData} naming line and column.
void parse_csv_rows(const TextPiece& piece, const char* text_end, const CsvLayout& layout,
                    double* elements, RowBatch& batch);

/// The same for two pieces and their batches, which takes less time than one after the other. After
/// an error it is unknown which of them it stands in, and both batches are of no use.
void parse_csv_rows_in_step(std::span<const TextPiece, 2> pieces, const char* text_end,
                            const CsvLayout& layout, double* elements,
                            std::span<RowBatch, 2> batches);

/// The numbers in "[0.1, 0.9]", also separated by white space as NumPy prints them, appended to
/// `values`; false when it is something else.
bool parse_vector(std::string_view text, std::vector<double>& values);

}  // namespace labelsieve::io
