#include "io/csv_rows.h"

#include <algorithm>
#include <cmath>
#include <limits>

#include "io/delimited.h"
#include "io/label_sets.h"
#include "io/message.h"
#include "io/number.h"
#include "io/probabilities.h"
#include "io/skip_hint.h"

namespace labelsieve::io {
namespace {

class RowParser {
 public:
  RowParser(const TextPiece& piece, const char* text_end, const CsvLayout& layout, double* elements,
            RowBatch& batch)
      : cells_(piece.begin, text_end, layout.separator, piece.first_line),
        piece_end_(piece.end),
        layout_(layout),
        batch_(batch),
        row_(elements + batch.first_slot * layout.shape.num_probs) {
    if (layout.shape.has_labels) batch.label_codes.reserve(static_cast<size_t>(batch.max_rows));
  }

  /// Parses the records that are left.
  void parse() {
    while (has_record()) {
      start_record();
      for (const ColumnRun& run : layout_.runs) parse_run(run);
      end_record();
    }
    batch_.end = cells_.position();
  }

  /// Parses the records of two pieces by turns as long as both have some.
  static void parse_in_step(RowParser& first, RowParser& second) {
    while (first.has_record() && second.has_record()) {
      first.start_record();
      second.start_record();
      for (const ColumnRun& run : first.layout_.runs) {
        if (run.role == CellRole::kProbability) {
          parse_probabilities_in_step(first, second, run);
        } else {
          first.parse_run(run);
          second.parse_run(run);
        }
      }
      first.end_record();
      second.end_record();
    }
  }

 private:
  [[noreturn]] void fail(const std::string& message, std::string column = {}) const {
    throw Error(ErrorCode::kInvalidData, message,
                {.file = layout_.shape.file, .line = line_, .column = std::move(column)});
  }

  /// Passes blank lines, which are records only where there is one column.
  bool has_record() {
    if (layout_.columns.size() > 1) {
      while (cells_.position() < piece_end_ && cells_.at_blank_line()) cells_.skip_blank_line();
    }
    return cells_.position() < piece_end_;
  }

  void start_record() {
    line_ = cells_.line();
    row_is_invalid_ = false;
    set_is_missing_ = false;
    set_begin_ = batch_.label_codes.size();
  }

  void end_record() {
    if (!cells_.record_ended()) refuse_ragged(layout_.columns.size());
    if (cells_.quote_is_open()) refuse_open_quote();
    if (layout_.shape.label_sets && layout_.shape.has_labels) end_set();
    if (row_is_invalid_) batch_.invalid.push_back(batch_.rows);
    batch_.lines.push_back(line_);
    ++batch_.rows;
    row_ += layout_.shape.num_probs;
  }

  void parse_run(const ColumnRun& run) {
    if (run.role == CellRole::kProbability) {
      parse_probabilities(run);
    } else {
      expect_cell(run.first);
      run_ = &run;
      parse_cell(run.role, run.first);
    }
  }

  void expect_cell(size_t column) {
    if (column > 0 && cells_.record_ended()) refuse_ragged(column);
  }

  void parse_cell(CellRole role, size_t column) {
    switch (role) {
      case CellRole::kVector: parse_vector_cell(column); break;
      case CellRole::kLabelSet: parse_label_set(column); break;
      case CellRole::kOneHot: parse_one_hot(column); break;
      case CellRole::kLabel: {
        const std::string_view label = cells_.next();
        // The first byte tells nearly always.
        const bool missing = (label.empty() || label.front() <= ' ') && trimmed(label).empty();
        batch_.label_codes.push_back(missing ? kMissingLabel : batch_.labels.code_of(label));
        break;
      }
      case CellRole::kId: batch_.ids.emplace_back(cells_.next()); break;
      case CellRole::kText: batch_.text.emplace_back(cells_.next()); break;
      default: cells_.next(); break;
    }
  }

  void parse_label_set(size_t column) {
    const std::string_view cell = cells_.next();
    const bool good = split_label_set(cell, layout_.set_separator, [&](std::string_view label) {
      batch_.label_codes.push_back(batch_.labels.code_of(label));
    });
    if (good) return;
    refuse_set("one of the labels in " + quoted_text(cell) + " is empty; write them with one " +
                   quoted_text(layout_.set_separator) + " between them",
               column);
  }

  void parse_one_hot(size_t column) {
    const std::string_view cell = cells_.next();
    const int value = zero_or_one(cell);
    if (value == 1) {
      const auto label = static_cast<size_t>(run_->prob_position);
      batch_.label_codes.push_back(batch_.labels.code_of(layout_.one_hot_classes[label]));
    } else if (value < 0) {
      refuse_set((trimmed(cell).empty() ? std::string("the label is missing")
                                        : quoted_text(cell) + " is neither 0 nor 1") +
                     "; write 1 where the example has the class and 0 where it has not",
                 column);
    }
  }

  void refuse_set(const std::string& message, size_t column) {
    if (!layout_.skip_invalid) {
      if (cells_.quote_is_open()) refuse_open_quote();
      fail(message + ", or leave such rows out with --skip-invalid", layout_.columns[column]);
    }
    set_is_missing_ = true;
  }

  /// The labels of the row are those from set_begin_ on.
  void end_set() {
    if (set_is_missing_) batch_.label_codes.resize(set_begin_);
    const auto size = static_cast<int32_t>(batch_.label_codes.size() - set_begin_);
    batch_.set_sizes.push_back(set_is_missing_ ? kMissingLabel : size);
  }

  void parse_probabilities(const ColumnRun& run) {
    bool all_good = true;
    for (size_t done = 0; done < run.count;) {
      done += parse_some(run, done, run.count - done, all_good);
    }
    if (!all_good) check_run(run);
  }

  static void parse_probabilities_in_step(RowParser& first, RowParser& second,
                                          const ColumnRun& run) {
    bool first_good = true;
    bool second_good = true;
    for (size_t done = 0; done < run.count;) {
      first.expect_cell(run.first + done);
      second.expect_cell(run.first + done);
      const size_t plain = CellReader::next_numbers_in_step(
          first.cells_, first.values_of(run) + done, first_good, second.cells_,
          second.values_of(run) + done, second_good, run.count - done);
      done += plain;
      if (plain > 0) continue;
      // What has quotes or spaces around it is read alone; what is no number, refused.
      first.parse_some(run, done, 1, first_good);
      second.parse_some(run, done, 1, second_good);
      ++done;
    }
    if (!first_good) first.check_run(run);
    if (!second_good) second.check_run(run);
  }

  double* values_of(const ColumnRun& run) { return row_ + run.prob_position; }

  /// Parses at least one and at most so many numbers of a run, after those that are done; gives how
  /// many. Those that stand plainly between separators are read in one go, others one by one.
  size_t parse_some(const ColumnRun& run, size_t done, size_t most, bool& all_good) {
    const size_t column = run.first + done;
    double* const values = values_of(run) + done;
    expect_cell(column);
    const size_t plain = cells_.next_numbers(values, most, all_good);
    if (plain > 0) return plain;
    *values = parse_number_cell(column);
    all_good &= is_probability(*values);
    return 1;
  }

  void check_run(const ColumnRun& run) {
    for (size_t i = 0; i < run.count; ++i) check(values_of(run)[i], run.first + i);
  }

  double parse_number_cell(size_t column) {
    double value = 0;
    return cells_.next_number(value) ? value : number_in(cells_.next(), column);
  }

  /// The number in a cell that is quoted, padded or none at all; NaN where skip_invalid allows it.
  double number_in(std::string_view cell, size_t column) {
    const auto number = parse_number(cell);
    if (number) return *number;
    if (!layout_.skip_invalid) {
      if (cells_.quote_is_open()) refuse_open_quote();
      const bool missing = trimmed(cell).empty();
      const bool comma = !missing && cell.find(',') != std::string_view::npos;
      fail((missing ? std::string("the probability is missing")
                    : quoted_text(cell) + " is not a number") +
               (comma ? "; write a decimal point" : kSkipHint),
           layout_.columns[column]);
    }
    row_is_invalid_ = true;
    return std::numeric_limits<double>::quiet_NaN();
  }

  /// Throws, or marks the row, where the value is no probability.
  void check(double value, size_t column) {
    if (is_probability(value) || layout_.any_number) return;
    if (!layout_.skip_invalid) refuse_value(value, layout_.columns[column]);
    row_is_invalid_ = true;
  }

  [[noreturn]] void refuse_value(double value, const std::string& name) const {
    if (!std::isfinite(value))
      fail("the probability is " + std::to_string(value) + kSkipHint, name);
    fail("the probability " + std::to_string(value) +
             " is outside [0, 1]; if these are logits, use --logits",
         name);
  }

  void parse_vector_cell(size_t column) {
    const std::string_view cell = cells_.next();
    vector_.clear();
    const bool good = parse_vector(cell, vector_);
    const auto found = static_cast<int64_t>(vector_.size());
    if (!good || found != layout_.shape.num_probs) {
      if (!layout_.skip_invalid) refuse_vector(cell, good, column);
      row_is_invalid_ = true;
      std::fill_n(row_, layout_.shape.num_probs, std::numeric_limits<double>::quiet_NaN());
      return;
    }
    for (int64_t j = 0; j < found; ++j) {
      row_[j] = vector_[static_cast<size_t>(j)];
      check(row_[j], column);
    }
  }

  [[noreturn]] void refuse_vector(std::string_view cell, bool good, size_t column) const {
    if (cells_.quote_is_open()) refuse_open_quote();
    if (good) {
      fail("expected " + std::to_string(layout_.shape.num_probs) +
               " probabilities as in the first row, found " + std::to_string(vector_.size()),
           layout_.columns[column]);
    }
    fail((trimmed(cell).empty()
              ? std::string("the probabilities are missing")
              : quoted_text(cell) + " is not a list of numbers such as [0.1, 0.9]") +
             kSkipHint,
         layout_.columns[column]);
  }

  /// `found` cells have been read; there are fewer or more than columns.
  [[noreturn]] void refuse_ragged(size_t found) {
    while (!cells_.record_ended()) {
      cells_.next();
      ++found;
    }
    if (cells_.quote_is_open()) refuse_open_quote();
    fail("expected " + count_of(static_cast<int64_t>(layout_.columns.size()), "cell") +
         " as in the header, found " + std::to_string(found) +
         "; a cell with the separator in it needs quotes");
  }

  [[noreturn]] void refuse_open_quote() const {
    fail("a quoted cell that begins in this row never ends; close the quote, or double it");
  }

  CellReader cells_;
  const char* piece_end_;
  const CsvLayout& layout_;
  RowBatch& batch_;
  double* row_;
  int64_t line_ = 0;
  bool row_is_invalid_ = false;
  bool set_is_missing_ = false;
  size_t set_begin_ = 0;            // in the label codes
  const ColumnRun* run_ = nullptr;  // of the cell being parsed
  std::vector<double> vector_;
};

bool is_space(char c) { return c == ' ' || c == '\t' || c == '\n' || c == '\r'; }

}  // namespace

void parse_csv_rows(const TextPiece& piece, const char* text_end, const CsvLayout& layout,
                    double* elements, RowBatch& batch) {
  RowParser(piece, text_end, layout, elements, batch).parse();
}

void parse_csv_rows_in_step(std::span<const TextPiece, 2> pieces, const char* text_end,
                            const CsvLayout& layout, double* elements,
                            std::span<RowBatch, 2> batches) {
  RowParser first(pieces[0], text_end, layout, elements, batches[0]);
  RowParser second(pieces[1], text_end, layout, elements, batches[1]);
  RowParser::parse_in_step(first, second);
  first.parse();
  second.parse();
}

bool parse_vector(std::string_view text, std::vector<double>& values) {
  text = trimmed(text);
  if (text.size() < 2 || text.front() != '[' || text.back() != ']') return false;
  const char* at = text.data() + 1;
  const char* const end = text.data() + text.size() - 1;
  bool after_comma = false;
  for (;;) {
    while (at != end && is_space(*at)) ++at;
    if (at == end) return !after_comma && !values.empty();
    if (*at == '+') ++at;
    double value = 0;
    const char* const stop = parse_number_at(at, end, value);
    if (stop == at) return false;
    values.push_back(value);
    at = stop;
    while (at != end && is_space(*at)) ++at;
    after_comma = at != end && *at == ',';
    if (after_comma) ++at;
    // Numbers that touch ("0.1-0.2") are no list.
    if (!after_comma && at != end && at == stop) return false;
  }
}

}  // namespace labelsieve::io
