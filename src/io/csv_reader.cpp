#include "io/csv_reader.h"

#include <algorithm>
#include <array>
#include <exception>
#include <span>

#include "base/parallel.h"
#include "io/column_plan.h"
#include "io/csv_rows.h"
#include "io/delimited.h"
#include "io/message.h"
#include "io/number.h"

namespace labelsieve::io {
namespace {

/// Gives each column its role; a single column of probabilities may turn out to hold vectors.
void set_roles(CsvLayout& layout, const ColumnPlan& plan, bool vector) {
  std::vector<ColumnRun> single(layout.columns.size());
  const auto set = [&](int64_t column, CellRole role, int64_t position = -1) {
    if (column < 0) return;
    single[static_cast<size_t>(column)].role = role;
    single[static_cast<size_t>(column)].prob_position = position;
  };
  set(plan.text, CellRole::kText);
  set(plan.id, CellRole::kId);
  for (size_t j = 0; j < plan.probs.size(); ++j) {
    set(plan.probs[j], vector ? CellRole::kVector : CellRole::kProbability,
        static_cast<int64_t>(j));
  }
  for (size_t j = 0; j < plan.one_hot.size(); ++j) {
    set(plan.one_hot[j], CellRole::kOneHot, static_cast<int64_t>(j));
  }
  set(plan.label, layout.shape.label_sets ? CellRole::kLabelSet : CellRole::kLabel);
  for (size_t column = 0; column < single.size(); ++column) {
    const ColumnRun& next = single[column];
    if (!layout.runs.empty() && next.role == CellRole::kProbability) {
      ColumnRun& last = layout.runs.back();
      const auto count = static_cast<int64_t>(last.count);
      if (last.role == next.role && last.prob_position + count == next.prob_position) {
        ++last.count;
        continue;
      }
    }
    layout.runs.push_back({next.role, column, 1, next.prob_position});
  }
}

/// The first cell of a column that is not empty, within the first rows.
std::string first_cell(std::string_view body, const CsvLayout& layout, int64_t column) {
  CellReader cells(body.data(), body.data() + body.size(), layout.separator, 1);
  while (!cells.at_end()) {
    std::string found;
    int64_t at = 0;
    do {
      const std::string_view cell = cells.next();
      if (at++ == column) found = trimmed(cell);
    } while (!cells.record_ended() && !cells.at_end());
    if (!found.empty()) return found;
  }
  return {};
}

/// How many numbers the vectors in a single column of probabilities hold; 0 if it holds numbers.
int64_t vector_size(std::string_view body, const CsvLayout& layout, const ColumnPlan& plan) {
  if (plan.probs.size() != 1) return 0;
  const std::string cell = first_cell(body, layout, plan.probs[0]);
  if (!cell.starts_with('[')) return 0;
  std::vector<double> values;
  // What is wrong with a damaged vector, the row parser says.
  return parse_vector(cell, values) ? static_cast<int64_t>(values.size()) : 1;
}

/// The first error in the order of the text, if the pieces before it ended where they should.
/// False when a piece did not end where the next one began, so that their split was wrong.
bool pieces_fit(const std::vector<TextPiece>& pieces, const std::vector<RowBatch>& batches,
                const std::vector<std::exception_ptr>& failures) {
  for (size_t i = 0; i < pieces.size(); ++i) {
    if (failures[i]) std::rethrow_exception(failures[i]);
    if (batches[i].end != pieces[i].end) return false;
  }
  return true;
}

class TableReader {
 public:
  TableReader(std::string_view body, const CsvLayout& layout, const Execution& execution)
      : body_(body), layout_(layout), execution_(execution) {}

  Part read(std::vector<TextPiece> pieces) {
    if (!try_read(pieces)) {
      // Quotes stand within unquoted cells: only a reader from the start knows which ones count.
      TextPiece whole{body_.data(), body_.data() + body_.size(), pieces.front().first_line, 0};
      for (const TextPiece& piece : pieces) whole.num_lines += piece.num_lines;
      try_read({whole});
    }
    return merge_batches(std::move(batches_), layout_.shape, std::move(probs_),
                         execution_.num_threads);
  }

 private:
  bool try_read(const std::vector<TextPiece>& pieces) {
    const bool vector =
        std::any_of(layout_.runs.begin(), layout_.runs.end(),
                    [](const ColumnRun& run) { return run.role == CellRole::kVector; });
    // A record of n cells has n separators and newlines.
    const auto cells = static_cast<int64_t>(layout_.columns.size());
    batches_ = plan_batches(pieces, vector ? 0 : cells);
    const int64_t slots = num_slots(batches_);
    probs_ = make_matrix(slots, layout_.shape.num_probs);
    std::vector<std::exception_ptr> failures(pieces.size());
    const size_t pairs = (pieces.size() + 1) / 2;
    const auto count = static_cast<int64_t>(pairs);
    const Stage stage{.name = "reading", .total = slots, .rows_per_piece = slots / count + 1};
    parallel_for(count, execution_, stage, [&](int64_t pair, int) {
      const size_t first = 2 * static_cast<size_t>(pair);
      const size_t end = std::min(first + 2, pieces.size());
      if (end == first + 2 && try_pair(pieces, first)) return;
      for (size_t at = first; at < end; ++at) {
        // Kept, not thrown: it counts only if the pieces before it end where this one begins.
        try {
          parse_csv_rows(pieces[at], text_end(), layout_, probs_.writable, batches_[at]);
        } catch (...) {
          failures[at] = std::current_exception();
        }
      }
    });
    return pieces_fit(pieces, batches_, failures);
  }

  /// Parses two pieces in step; false, and nothing done, where one of them is faulty.
  bool try_pair(const std::vector<TextPiece>& pieces, size_t first) {
    const std::span<RowBatch, 2> batches(&batches_[first], 2);
    const std::array<RowBatch, 2> plans = {batches[0], batches[1]};
    try {
      parse_csv_rows_in_step(std::span<const TextPiece, 2>(&pieces[first], 2), text_end(), layout_,
                             probs_.writable, batches);
      return true;
    } catch (...) {
      std::copy(plans.begin(), plans.end(), batches.begin());
      return false;
    }
  }

  const char* text_end() const { return body_.data() + body_.size(); }

  std::string_view body_;
  const CsvLayout& layout_;
  const Execution& execution_;
  std::vector<RowBatch> batches_;
  Probabilities probs_;
};

/// The cells of the first line, without the spaces around them.
std::vector<std::string> read_header(CellReader& cells, const std::string& file) {
  std::vector<std::string> names;
  do {
    names.emplace_back(trimmed(cells.next()));
  } while (!cells.record_ended());
  if (cells.quote_is_open()) {
    throw Error(ErrorCode::kInvalidData, "a quoted cell of the header never ends",
                {.file = file, .line = 1});
  }
  return names;
}

}  // namespace

Part read_csv(const FileBytes& bytes, const std::string& file, bool tabs, Wanted wanted,
              const ReadOptions& options, int64_t piece_bytes) {
  const std::string_view text = without_byte_order_mark(bytes.bytes, file);
  CsvLayout layout;
  layout.shape.file = file;
  layout.separator = tabs ? '\t' : detect_separator(text);
  layout.skip_invalid = options.skip_invalid;
  layout.any_number = options.logits || options.unchecked;
  CellReader cells(text.data(), text.data() + text.size(), layout.separator, 1);
  layout.columns = read_header(cells, file);
  ColumnPlan plan = plan_columns(layout.columns, file, "column", wanted, options);
  layout.shape.num_probs = static_cast<int64_t>(plan.probs.size());
  layout.shape.has_labels = plan.label >= 0 || !plan.one_hot.empty();
  layout.shape.label_sets = wanted.sets != nullptr;
  if (wanted.sets != nullptr) layout.set_separator = wanted.sets->separator;
  layout.one_hot_classes = plan.one_hot_classes;
  if (plan.label >= 0) layout.shape.label_name = layout.columns[static_cast<size_t>(plan.label)];

  std::string_view body = text.substr(static_cast<size_t>(cells.position() - text.data()));
  while (!body.empty() && (body.back() == '\n' || body.back() == '\r')) body.remove_suffix(1);
  const int64_t vector = vector_size(body, layout, plan);
  set_roles(layout, plan, vector > 0);
  if (vector > 0) {
    layout.shape.num_probs = vector;
    plan.class_names.clear();
    plan.origin = NameOrigin::kNone;
  }
  const std::vector<TextPiece> pieces =
      split_text(body, cells.line(), piece_bytes, true, options.execution);
  if (pieces.empty()) {
    throw Error(ErrorCode::kInvalidData, "there are no rows below the header", {.file = file});
  }
  Part part = TableReader(body, layout, options.execution).read(pieces);
  part.class_names = std::move(plan.class_names);
  part.name_origin = plan.origin;
  if (part.labels) part.labels->one_hot_classes = std::move(plan.one_hot_classes);
  return part;
}

}  // namespace labelsieve::io
