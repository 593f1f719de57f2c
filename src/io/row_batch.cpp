#include "io/row_batch.h"

#include <algorithm>
#include <cstring>
#include <iterator>

namespace labelsieve::io {
namespace {

/// Closes the gaps that unused slots leave between batches.
void close_gaps(const std::vector<RowBatch>& batches, int64_t columns, double* elements) {
  int64_t row = 0;
  for (const RowBatch& batch : batches) {
    if (row != batch.first_slot && batch.rows > 0) {
      std::memmove(elements + row * columns, elements + batch.first_slot * columns,
                   static_cast<size_t>(batch.rows * columns) * sizeof(double));
    }
    row += batch.rows;
  }
}

void append_labels(RowBatch& batch, LabelDictionary& dictionary, LabelColumn& column) {
  std::vector<int32_t> code_of_local;
  for (const std::string& value : batch.labels.values()) {
    code_of_local.push_back(dictionary.code_of(value));
  }
  for (const int32_t code : batch.label_codes) {
    column.codes.push_back(code == kMissingLabel ? code : code_of_local[static_cast<size_t>(code)]);
  }
}

template <class T>
void append_moved(std::vector<T>& to, std::vector<T>& from) {
  if (to.empty()) {
    to = std::move(from);
  } else {
    to.insert(to.end(), std::make_move_iterator(from.begin()), std::make_move_iterator(from.end()));
  }
  std::vector<T>().swap(from);
}

}  // namespace

std::vector<RowBatch> plan_batches(const std::vector<TextPiece>& pieces, int64_t min_record_bytes) {
  std::vector<RowBatch> batches(pieces.size());
  int64_t slots = 0;
  for (size_t i = 0; i < pieces.size(); ++i) {
    batches[i].first_slot = slots;
    batches[i].max_rows = pieces[i].num_lines;
    if (min_record_bytes > 0) {
      // The last record may lack its newline, or reach beyond the piece where the split was wrong.
      const int64_t bytes = pieces[i].end - pieces[i].begin;
      batches[i].max_rows = std::min(batches[i].max_rows, bytes / min_record_bytes + 1);
    }
    slots += batches[i].max_rows;
  }
  return batches;
}

int64_t num_slots(const std::vector<RowBatch>& batches) {
  return batches.empty() ? 0 : batches.back().first_slot + batches.back().max_rows;
}

Part merge_batches(std::vector<RowBatch> batches, const TableShape& shape, Probabilities probs) {
  Part part{.file = shape.file};
  for (const RowBatch& batch : batches) part.rows += batch.rows;
  if (part.rows == 0) {
    throw Error(ErrorCode::kInvalidData, "there are no rows", {.file = shape.file});
  }
  LabelDictionary dictionary;
  LabelColumn labels;
  labels.name = shape.label_name;
  labels.is_text = true;
  if (shape.has_labels) labels.codes.reserve(static_cast<size_t>(part.rows));
  part.lines.reserve(static_cast<size_t>(part.rows));
  if (shape.num_probs > 0) close_gaps(batches, shape.num_probs, probs.writable);
  int64_t first_row = 0;
  for (RowBatch& batch : batches) {
    if (shape.has_labels) append_labels(batch, dictionary, labels);
    append_moved(part.ids, batch.ids);
    append_moved(part.text, batch.text);
    part.lines.insert(part.lines.end(), batch.lines.begin(), batch.lines.end());
    for (const int64_t row : batch.invalid) part.mark_invalid(first_row + row);
    first_row += batch.rows;
  }
  if (shape.has_labels) {
    labels.values = dictionary.take_values();
    part.labels = std::move(labels);
  }
  if (shape.num_probs > 0) {
    probs.view.rows = part.rows;
    part.pred_probs = std::move(probs);
  }
  return part;
}

}  // namespace labelsieve::io
