// Sources for the tests: data in memory, whole or cut into blocks.
#pragma once

#include <algorithm>
#include <cstdint>
#include <utility>

#include "labelsieve/source.h"
#include "support/stored.h"

namespace test_support {

/// Memory delivered in blocks of at most `block_rows` rows, of uneven sizes.
class BlockSource final : public labelsieve::Source {
 public:
  BlockSource(const labelsieve::LabelsView& labels, const labelsieve::MatrixView& pred_probs,
              int64_t block_rows, bool tells_num_rows = false)
      : labels_(labels),
        pred_probs_(pred_probs),
        block_rows_(block_rows),
        tells_num_rows_(tells_num_rows) {}

  int64_t num_classes() const override { return pred_probs_.columns; }
  int64_t num_rows() const override { return tells_num_rows_ ? pred_probs_.rows : -1; }

  bool next(labelsieve::Block& block) override {
    if (next_row_ >= pred_probs_.rows) return false;
    const int64_t wanted = 1 + (block_rows_ - 1 + block_number_++ * 7) % block_rows_;
    const int64_t rows = std::min(wanted, pred_probs_.rows - next_row_);
    block.first_row = next_row_;
    block.labels = labels_.slice(next_row_, rows);
    block.pred_probs = pred_probs_.slice(next_row_, rows);
    next_row_ += rows;
    return true;
  }

  void reset() override { next_row_ = block_number_ = 0; }

 private:
  labelsieve::LabelsView labels_;
  labelsieve::MatrixView pred_probs_;
  int64_t block_rows_;
  bool tells_num_rows_;
  int64_t next_row_ = 0;
  int64_t block_number_ = 0;
};

/// A dataset with the memory behind it.
struct Stored {
  explicit Stored(const Data& data, Layout layout = Layout::kRowMajor)
      : labels(data.labels, labelsieve::IntType::kInt64), matrix(data, layout) {}

  labelsieve::MemorySource source() const { return {labels.view(), matrix.view()}; }
  BlockSource blocks(int64_t block_rows) const {
    return {labels.view(), matrix.view(), block_rows};
  }

  StoredLabels labels;
  StoredMatrix matrix;
};

}  // namespace test_support
