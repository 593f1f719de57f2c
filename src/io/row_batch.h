// Rows of a table as one thread has parsed them, and how they become a part of a dataset.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "io/label_dictionary.h"
#include "io/part.h"
#include "io/split.h"

namespace labelsieve::io {

/// What comes of one piece of text. Its probabilities go to rows from `first_slot` on of a matrix
/// that all pieces share; there is room for `max_rows`.
struct RowBatch {
  int64_t first_slot = 0;
  int64_t max_rows = 0;
  int64_t rows = 0;
  std::vector<int32_t> label_codes;  ///< Per row, or those of all sets.
  std::vector<int32_t> set_sizes;    ///< Sets: how many codes each row has, kMissingLabel for none.
  LabelDictionary labels;
  std::vector<std::string> ids;
  std::vector<std::string> text;
  LineNumbers lines;             ///< Per row.
  std::vector<int64_t> invalid;  ///< Rows, from 0, that skip_invalid leaves out.
  const char* end = nullptr;     ///< Where parsing stopped.
};

/// One batch per piece; a record has at least `min_record_bytes` with its newline (0: unknown).
std::vector<RowBatch> plan_batches(const std::vector<TextPiece>& pieces, int64_t min_record_bytes);

/// The number of rows that the batches have room for.
int64_t num_slots(const std::vector<RowBatch>& batches);

/// What a table has besides rows of numbers.
struct TableShape {
  std::string file;
  bool has_labels = false;
  bool label_sets = false;  ///< Each row has a set of labels.
  std::string label_name;
  int64_t num_probs = 0;  ///< 0: no probabilities are wanted.
};

/// Puts the batches together; `probs` is the matrix that they have filled.
Part merge_batches(std::vector<RowBatch> batches, const TableShape& shape, Probabilities probs,
                   int num_threads);

}  // namespace labelsieve::io
