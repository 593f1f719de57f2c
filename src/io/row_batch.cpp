#include "io/row_batch.h"

#include <algorithm>
#include <cstring>
#include <iterator>

#include "base/huge_pages.h"
#include "base/parallel.h"

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

LabelColumn merge_labels(std::vector<RowBatch>& batches, const std::string& name,
                         const Execution& execution) {
  LabelColumn column;
  column.name = name;
  column.is_text = true;
  LabelDictionary dictionary;
  std::vector<std::vector<int32_t>> codes_of(batches.size());  // of a batch's values
  std::vector<size_t> first(batches.size());
  size_t size = 0;
  for (size_t b = 0; b < batches.size(); ++b) {
    for (const std::string& value : batches[b].labels.values()) {
      codes_of[b].push_back(dictionary.code_of(value));
    }
    first[b] = size;
    size += batches[b].label_codes.size();
  }
  reserve_huge_pages(column.codes, size);
  column.codes.resize(size);
  parallel_for(
      static_cast<int64_t>(batches.size()), execution, {.name = "reading"}, [&](int64_t b, int) {
        const std::vector<int32_t>& code_of = codes_of[b];
        std::vector<int32_t>& codes = batches[b].label_codes;
        std::transform(codes.begin(), codes.end(), column.codes.begin() + first[b],
                       [&](int32_t code) { return code == kMissingLabel ? code : code_of[code]; });
        std::vector<int32_t>().swap(codes);
      });
  column.values = dictionary.take_values();
  return column;
}

void merge_set_sizes(const std::vector<RowBatch>& batches, int64_t rows, LabelColumn& column) {
  column.offsets.reserve(static_cast<size_t>(rows) + 1);
  column.offsets.push_back(0);
  for (const RowBatch& batch : batches) {
    for (const int32_t size : batch.set_sizes) {
      if (size == kMissingLabel) {
        column.missing_sets.push_back(static_cast<int64_t>(column.offsets.size()) - 1);
      }
      column.offsets.push_back(column.offsets.back() + std::max(size, 0));
    }
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

Part merge_batches(std::vector<RowBatch> batches, const TableShape& shape, Probabilities probs,
                   int num_threads) {
  Part part{.file = shape.file};
  for (const RowBatch& batch : batches) part.rows += batch.rows;
  if (part.rows == 0) {
    throw Error(ErrorCode::kInvalidData, "there are no rows", {.file = shape.file});
  }
  if (shape.has_labels) {
    // A thread is not worth its start for a small table.
    constexpr int64_t kManyRows = int64_t{1} << 16;
    const Execution execution{.num_threads = part.rows < kManyRows ? 1 : num_threads};
    part.labels = merge_labels(batches, shape.label_name, execution);
    if (shape.label_sets) merge_set_sizes(batches, part.rows, *part.labels);
  }
  if (shape.num_probs > 0) close_gaps(batches, shape.num_probs, probs.writable);
  int64_t first_row = 0;
  for (RowBatch& batch : batches) {
    append_moved(part.ids, batch.ids);
    append_moved(part.text, batch.text);
    part.lines.append(batch.lines);
    for (const int64_t row : batch.invalid) part.mark_invalid(first_row + row);
    first_row += batch.rows;
  }
  if (shape.num_probs > 0) {
    probs.view.rows = part.rows;
    part.pred_probs = std::move(probs);
  }
  return part;
}

}  // namespace labelsieve::io
