// One pass over a block: rows and decoded labels, tile by tile, on all threads.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <vector>

#include "base/parallel.h"
#include "kernels/label_decode.h"
#include "kernels/row_tile.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// Some rows of a block with their class indices (kIgnored for ignored examples).
template <class T>
struct Tile {
  Rows<T> rows;
  const int32_t* labels = nullptr;  // one per row
  int64_t first = 0;                // position of the first row, in the block or in the index list
  int worker = 0;                   // in [0, tile_workers())

  /// The rows from `from` on, at most so many.
  Tile part(int64_t from, int64_t most) const {
    return {rows.part(from, most), labels + from, first + from, worker};
  }
};

inline constexpr int64_t kMaxTileRows = 8192;

/// Rows of a tile: a quarter of a megabyte of probabilities, so that what one step leaves in the
/// cache is there for the next.
inline int64_t tile_rows(const MatrixView& matrix) {
  const int64_t row_bytes = std::max<int64_t>(1, matrix.columns * size_of(matrix.type));
  return std::clamp<int64_t>((int64_t{1} << 18) / row_bytes, 16, kMaxTileRows);
}

inline int64_t num_tiles(const MatrixView& matrix, int64_t rows) {
  const int64_t step = tile_rows(matrix);
  return (rows + step - 1) / step;
}

/// How many workers for_each_tile will use for a block.
inline int tile_workers(const Block& block, const Execution& execution) {
  return num_workers(execution, num_tiles(block.pred_probs, block.pred_probs.rows));
}

/// Calls work(Tile<T>) for all rows of the block. T must be the type of its matrix.
/// Throws Error{kInvalidData} for a label that is not a class.
template <class T, class Work>
void for_each_tile(const Block& block, const Execution& execution, std::string_view stage,
                   int64_t total_rows, const Work& work) {
  const MatrixView& matrix = block.pred_probs;
  const int64_t step = tile_rows(matrix);
  const int64_t tiles = num_tiles(matrix, matrix.rows);
  const auto workers = static_cast<size_t>(num_workers(execution, tiles));
  std::vector<RowTile<T>> row_tiles(workers);
  std::vector<std::vector<int32_t>> label_tiles(
      workers, std::vector<int32_t>(
                   std::min<size_t>(static_cast<size_t>(step), static_cast<size_t>(matrix.rows))));
  parallel_for(tiles, execution, {stage, block.first_row, total_rows, step},
               [&](int64_t piece, int worker) {
                 const int64_t first = piece * step;
                 const int64_t count = std::min(step, matrix.rows - first);
                 int32_t* labels = label_tiles[static_cast<size_t>(worker)].data();
                 decode_labels(block.labels, first, count, matrix.columns, block.first_row, labels);
                 work(Tile<T>{row_tiles[static_cast<size_t>(worker)].load(matrix, first, count),
                              labels, first, worker});
               });
}

/// The same for the rows of the block at `indices`; of workers there may be others.
template <class T, class Work>
void for_each_tile(const Block& block, std::span<const uint32_t> indices,
                   const Execution& execution, std::string_view stage, int64_t total_rows,
                   const Work& work) {
  const MatrixView& matrix = block.pred_probs;
  const auto size = static_cast<int64_t>(indices.size());
  // Rows that lie apart take long, and are often few: not so few tiles that one thread waits for
  // the other's last.
  constexpr int64_t kFewTiles = 32;
  const int64_t step = std::min(tile_rows(matrix), std::max<int64_t>(16, size / kFewTiles));
  const int64_t tiles = (size + step - 1) / step;
  const auto workers = static_cast<size_t>(num_workers(execution, tiles));
  std::vector<RowTile<T>> row_tiles(workers);
  std::vector<std::vector<int32_t>> label_tiles(
      workers, std::vector<int32_t>(static_cast<size_t>(std::min(step, size))));
  parallel_for(tiles, execution, {stage, block.first_row, total_rows, step},
               [&](int64_t piece, int worker) {
                 const int64_t first = piece * step;
                 const auto part = indices.subspan(
                     static_cast<size_t>(first), static_cast<size_t>(std::min(step, size - first)));
                 int32_t* labels = label_tiles[static_cast<size_t>(worker)].data();
                 decode_labels(block.labels, part, matrix.columns, block.first_row, labels);
                 work(Tile<T>{row_tiles[static_cast<size_t>(worker)].load(matrix, part), labels,
                              first, worker});
               });
}

}  // namespace labelsieve
