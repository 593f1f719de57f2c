// One pass over a multi-label block: rows and decoded label bytes, tile by tile, on all threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <numeric>
#include <string_view>
#include <vector>

#include "base/parallel.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/label_set_decode.h"
#include "kernels/multilabel_kernel.h"
#include "kernels/refuse_row.h"
#include "kernels/row_tile.h"
#include "labelsieve/multilabel_source.h"

namespace labelsieve {

/// Some rows of a block with a label byte for each element.
template <class T>
struct MultilabelTile {
  LabelledRows<T> in;
  const uint32_t* positions = nullptr;  // of the rows from `first` on; null: one after another
  int64_t first = 0;                    // dataset index
  int worker = 0;                       // in [0, multilabel_workers())

  int64_t index(int64_t i) const {
    return first + (positions != nullptr ? static_cast<int64_t>(positions[i]) : i);
  }
};

/// Rows of a tile, few enough for the sums of the kernels.
inline int64_t multilabel_tile_rows(const MatrixView& matrix) {
  return std::min(tile_rows(matrix), kMaxSummedRows);
}

inline int64_t num_multilabel_tiles(const MatrixView& matrix) {
  const int64_t step = multilabel_tile_rows(matrix);
  return (matrix.rows + step - 1) / step;
}

inline int multilabel_workers(const MultilabelBlock& block, const Execution& execution) {
  return num_workers(execution, num_multilabel_tiles(block.pred_probs));
}

/// Scratch memory of one worker.
template <class T>
struct MultilabelScratch {
  RowTile<T> rows;
  std::vector<uint8_t> labels;
  std::vector<uint32_t> positions;
};

/// Calls work(MultilabelTile<T>) for all rows of the block that are not ignored or, where `wanted`
/// (one byte per example of the dataset) is not null, for those that are wanted too. T must be the
/// type of its matrix. Throws Error{kInvalidData} for invalid label sets.
template <class T, class Work>
void for_each_multilabel_tile(const MultilabelBlock& block, const uint8_t* wanted,
                              const Execution& execution, std::string_view stage,
                              int64_t total_rows, const Work& work) {
  const MatrixView& matrix = block.pred_probs;
  const uint8_t* ignored = block.labels.ignored;
  const int64_t step = multilabel_tile_rows(matrix);
  const int64_t tiles = num_multilabel_tiles(matrix);
  std::vector<MultilabelScratch<T>> scratch(static_cast<size_t>(num_workers(execution, tiles)));
  parallel_for(tiles, execution, {stage, block.first_row, total_rows, step},
               [&](int64_t piece, int worker) {
                 MultilabelScratch<T>& own = scratch[static_cast<size_t>(worker)];
                 const int64_t first = piece * step;
                 int64_t count = std::min(step, matrix.rows - first);
                 MultilabelTile<T> tile;
                 tile.first = block.first_row + first;
                 tile.worker = worker;
                 if (wanted == nullptr && ignored == nullptr) {
                   tile.in.rows = own.rows.load(matrix, first, count);
                 } else {
                   own.positions.clear();
                   for (int64_t i = 0; i < count; ++i) {
                     if (wanted != nullptr && wanted[tile.first + i] == 0) continue;
                     if (ignored != nullptr && ignored[first + i] != 0) continue;
                     own.positions.push_back(static_cast<uint32_t>(i));
                   }
                   if (own.positions.empty()) return;
                   count = static_cast<int64_t>(own.positions.size());
                   tile.positions = own.positions.data();
                   tile.in.rows = own.rows.load(matrix.slice(first, step), own.positions);
                 }
                 own.labels.resize(static_cast<size_t>(count * matrix.columns + kColumnPadding));
                 decode_label_sets(block.labels, first, tile.positions, count, matrix.columns,
                                   block.first_row, own.labels.data());
                 tile.in.labels = own.labels.data();
                 work(tile);
               });
}

/// Throws for the first invalid probability of a tile, which has one.
template <class T>
[[noreturn]] void refuse_tile(const MultilabelTile<T>& tile) {
  const ProbabilityBounds<Wide<T>> bounds;
  const Rows<T>& rows = tile.in.rows;
  int64_t i = 0;
  for (; i + 1 < rows.count; ++i) {
    const T* row = rows.row(i);
    if (!std::all_of(row, row + rows.columns, [&](T p) { return bounds.contain(widen(p)); })) break;
  }
  refuse_row(rows.row(i), rows.columns, tile.index(i), "sigmoid");
}

/// How many rows kernels take as one, so that few columns fill whole vectors too.
inline int64_t fold_of(int64_t columns) {
  constexpr int64_t kLanes = 16;  // a multiple of most vectors' lanes
  constexpr int64_t kEnough = 64;
  if (columns >= kEnough) return 1;
  const int64_t whole = kLanes / std::gcd(columns, kLanes);
  return whole * std::max<int64_t>(1, kEnough / (whole * columns));
}

/// Calls work(LabelledRows<T>) for rows that are `fold` rows of the tile in one where memory allows
/// it, and for the rest of the rows. Column c stands for class c mod K; positions in labels do not
/// change.
template <class T, class Work>
void for_each_folded(const LabelledRows<T>& in, int64_t fold, const Work& work) {
  LabelledRows<T> rest = in;
  if (fold > 1 && in.rows.indices == nullptr && in.rows.stride == in.rows.columns) {
    LabelledRows<T> folded = in;
    folded.rows.columns = folded.rows.stride = in.rows.columns * fold;
    folded.rows.count = in.rows.count / fold;
    if (folded.rows.count > 0) work(folded, int64_t{0});
    const int64_t done = folded.rows.count * fold;
    rest.rows.data += done * in.rows.stride;
    rest.rows.count -= done;
    rest.labels += done * in.rows.columns;
    if (rest.rows.count > 0) work(rest, done);
    return;
  }
  if (rest.rows.count > 0) work(rest, int64_t{0});
}

/// One number per class, repeated for folded columns and padded for whole vectors.
template <class W>
std::vector<W> folded_columns(const std::vector<W>& per_class, int64_t fold, W padding) {
  std::vector<W> columns;
  columns.reserve(per_class.size() * static_cast<size_t>(fold) + kColumnPadding);
  for (int64_t f = 0; f < fold; ++f) {
    columns.insert(columns.end(), per_class.begin(), per_class.end());
  }
  columns.resize(columns.size() + kColumnPadding, padding);
  return columns;
}

}  // namespace labelsieve
