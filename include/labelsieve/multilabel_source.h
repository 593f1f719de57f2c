// Multi-label data: the set of classes that each example has, and where examples come from.
#pragma once

#include <cstddef>
#include <cstdint>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

/// How the label sets lie in memory.
enum class LabelSetLayout : uint8_t {
  kSets,    ///< Ragged: the classes of all examples one after another, and where each set starts.
  kMatrix,  ///< N×K, 1 where the example has the class and 0 where it has not.
};

/// The classes that each of N examples has; borrowed, like MatrixView. Any integer width, any
/// strides, either byte order; no copy. A set may be empty; a class twice in a set counts once.
class LabelSetsView {
 public:
  LabelSetsView() = default;

  /// Set i is classes[offsets[i]], …, classes[offsets[i + 1] - 1]: `offsets` has N + 1 elements
  /// that do not descend (the row pointers of compressed sparse rows).
  static LabelSetsView sets(const LabelsView& offsets, const LabelsView& classes) {
    LabelSetsView view;
    view.layout_ = LabelSetLayout::kSets;
    view.offsets_ = offsets;
    view.elements_ = classes;
    view.rows_ = offsets.size - 1;
    return view;
  }

  /// A matrix of zeros and ones. `first_row` is a view of its first row (K elements); rows are
  /// `row_stride` bytes apart.
  static LabelSetsView matrix(const LabelsView& first_row, int64_t rows, int64_t row_stride) {
    LabelSetsView view;
    view.layout_ = LabelSetLayout::kMatrix;
    view.elements_ = first_row;
    view.rows_ = rows;
    view.row_stride_ = row_stride;
    return view;
  }

  /// Row-major matrix of integers.
  template <class T>
  static LabelSetsView matrix(const T* elements, int64_t rows, int64_t columns) {
    return matrix(LabelsView(elements, columns), rows, columns * static_cast<int64_t>(sizeof(T)));
  }

  /// The sets [first, first + count).
  LabelSetsView slice(int64_t first, int64_t count) const {
    LabelSetsView part = *this;
    part.rows_ = count;
    if (layout_ == LabelSetLayout::kSets) {
      part.offsets_ = offsets_.slice(first, count + 1);
    } else {
      part.elements_.data = static_cast<const std::byte*>(elements_.data) + first * row_stride_;
    }
    if (ignored != nullptr) part.ignored = ignored + first;
    return part;
  }

  LabelSetLayout layout() const { return layout_; }
  int64_t rows() const { return rows_; }
  const LabelsView& offsets() const { return offsets_; }    ///< kSets only.
  const LabelsView& elements() const { return elements_; }  ///< The classes, or the first row.
  int64_t row_stride() const { return row_stride_; }        ///< kMatrix only.

  /// One byte per example, or null. An example that is marked keeps its index and is left out of
  /// everything else, as LabelsView::ignore_label does: neither its set nor its probabilities are
  /// looked at, it is never flagged, its scores are NaN.
  const uint8_t* ignored = nullptr;

 private:
  LabelSetLayout layout_ = LabelSetLayout::kSets;
  LabelsView offsets_;
  LabelsView elements_;
  int64_t rows_ = 0;
  int64_t row_stride_ = 0;
};

/// Some consecutive examples. Its views stay valid until the next call of next() or reset().
struct MultilabelBlock {
  int64_t first_row = 0;  ///< Index of the block's first example in the whole dataset.
  LabelSetsView labels;
  MatrixView pred_probs;  ///< (rows, K): P[i,k] that example i has class k; rows need not add to 1.
};

/// Examples that are read in order, as often as the method needs (a default find passes over them
/// three times, ranking once more). The multi-label counterpart of Source, with the same rules.
class MultilabelSource {
 public:
  virtual ~MultilabelSource() = default;

  /// K, the number of columns of every block.
  virtual int64_t num_classes() const = 0;

  /// N if it is known beforehand, else -1.
  virtual int64_t num_rows() const { return -1; }

  /// Fetches the next block; false after the last. Throws Error when reading fails.
  virtual bool next(MultilabelBlock& block) = 0;

  /// Starts again at the first example.
  virtual void reset() = 0;
};

/// Label sets and probabilities that are in memory or memory-mapped, as one block without a copy.
class MultilabelMemorySource final : public MultilabelSource {
 public:
  /// Throws Error{kInvalidData} unless both have the same, positive number of rows, K >= 1, and a
  /// label matrix has K columns.
  MultilabelMemorySource(const LabelSetsView& labels, const MatrixView& pred_probs);

  int64_t num_classes() const override { return pred_probs_.columns; }
  int64_t num_rows() const override { return pred_probs_.rows; }
  bool next(MultilabelBlock& block) override;
  void reset() override { delivered_ = false; }

 private:
  LabelSetsView labels_;
  MatrixView pred_probs_;
  bool delivered_ = false;
};

}  // namespace labelsieve
