// Where examples come from, block by block. Memory is a source of one block.
#pragma once

#include <cstdint>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

/// Some consecutive examples. Its views stay valid until the next call of next() or reset().
struct Block {
  int64_t first_row = 0;  ///< Index of the block's first example in the whole dataset.
  LabelsView labels;
  MatrixView pred_probs;
};

/// Examples that are read in order, as often as the method needs (a default find passes over them
/// twice, seldom three or four times). Implement it to feed the engine from a file, a database or a
/// generator.
///
/// The answers never depend on how the examples are cut into blocks. Not thread-safe: the engine
/// calls it from one thread and spreads each block over its own threads, so blocks of some
/// megabytes keep them busy.
class Source {
 public:
  virtual ~Source() = default;

  /// K, the number of columns of every block.
  virtual int64_t num_classes() const = 0;

  /// N if it is known beforehand, else -1. Used for progress and to reserve memory.
  virtual int64_t num_rows() const { return -1; }

  /// Fetches the next block; false after the last. Throws Error when reading fails.
  virtual bool next(Block& block) = 0;

  /// Starts again at the first example.
  virtual void reset() = 0;
};

/// Labels and probabilities that are in memory or memory-mapped, as one block without a copy.
class MemorySource final : public Source {
 public:
  /// Throws Error{kInvalidData} unless both have the same, positive length and K >= 1.
  MemorySource(const LabelsView& labels, const MatrixView& pred_probs);

  int64_t num_classes() const override { return pred_probs_.columns; }
  int64_t num_rows() const override { return pred_probs_.rows; }
  bool next(Block& block) override;
  void reset() override { delivered_ = false; }

 private:
  LabelsView labels_;
  MatrixView pred_probs_;
  bool delivered_ = false;
};

}  // namespace labelsieve
