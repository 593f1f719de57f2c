#include <algorithm>
#include <type_traits>

#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "kernels/bounds.h"
#include "kernels/label_decode.h"
#include "kernels/refuse_row.h"
#include "kernels/row_tile.h"
#include "labelsieve/span_classification.h"

namespace labelsieve {
namespace {

constexpr int64_t kBlockRows = int64_t{1} << 18;

/// Rows that a thread takes at a time: they and their two columns stay in its cache.
constexpr int64_t kPieceRows = int64_t{1} << 14;

}  // namespace

BinarySource::BinarySource(Source& one_column, const Execution& execution)
    : one_column_(one_column), num_threads_(execution.num_threads) {
  if (one_column.num_classes() != 1) {
    refuse_argument("one column is needed, the probability of being inside a span; there are " +
                    std::to_string(one_column.num_classes()));
  }
}

void BinarySource::reset() {
  one_column_.reset();
  inner_ = {};
  position_ = 0;
}

bool BinarySource::next(Block& block) {
  while (position_ == inner_.pred_probs.rows) {
    if (!one_column_.next(inner_)) {
      inner_ = {};
      position_ = 0;
      return false;
    }
    position_ = 0;
  }
  const int64_t rows = std::min(kBlockRows, inner_.pred_probs.rows - position_);
  const MatrixView column = inner_.pred_probs.slice(position_, rows);
  block.first_row = inner_.first_row + position_;
  block.labels = inner_.labels.slice(position_, rows);
  visit_float_type(column.type, [&]<class T>(std::type_identity<T>) {
    fill<T>(column, block.labels);
    block.pred_probs = MatrixView(buffer<Wide<T>>().data(), rows, 2);
  });
  position_ += rows;
  return true;
}

template <class W>
std::vector<W>& BinarySource::buffer() {
  if constexpr (std::is_same_v<W, double>) {
    return doubles_;
  } else {
    return floats_;
  }
}

template <class T>
void BinarySource::fill(const MatrixView& column, const LabelsView& labels) {
  std::vector<Wide<T>>& out = buffer<Wide<T>>();
  out.resize(std::max(out.size(), static_cast<size_t>(2 * column.rows)));
  const int64_t first_row = inner_.first_row + position_;
  // Progress is what the engine reports of the block that this becomes.
  parallel_for((column.rows + kPieceRows - 1) / kPieceRows, {.num_threads = num_threads_}, {},
               [&](int64_t piece, int /*worker*/) {
                 const int64_t first = piece * kPieceRows;
                 const int64_t count = std::min(kPieceRows, column.rows - first);
                 fill_rows<T>(column.slice(first, count), labels.slice(first, count),
                              first_row + first, out.data() + 2 * first);
               });
}

template <class T, class W>
void BinarySource::fill_rows(const MatrixView& column, const LabelsView& labels, int64_t first_row,
                             W* out) {
  RowTile<T> tile;
  const Rows<T> rows = tile.load(column, 0, column.rows);
  const ProbabilityBounds<W> bounds;
  for (int64_t i = 0; i < rows.count; ++i) {
    const W p = widen(*rows.row(i));
    if (!bounds.contain(p)) [[unlikely]] {
      int32_t label = 0;
      decode_labels(labels, i, 1, 2, first_row, &label);
      if (label != kIgnored) refuse_row(rows.row(i), 1, first_row + i);
    }
    out[2 * i] = 1 - p;
    out[2 * i + 1] = p;
  }
}

}  // namespace labelsieve
