// Sources that Python feeds, batch by batch, as often as they are read.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

#include "label_sets.h"
#include "labelsieve/multilabel_source.h"
#include "labelsieve/source.h"
#include "views.h"

namespace labelsieve::python {

/// Gives an iterator over the batches.
using Start = nanobind::typed<nanobind::callable, nanobind::object()>;

/// Walks through batches again and again: of (labels, pred_probs), where Labels is Integers; of
/// (label sets, pred_probs, marks of ignored examples or None), where it is LabelSets. Made and
/// destroyed with the interpreter's lock held; next() and reset() take it themselves.
template <class Labels>
class BatchReader {
 public:
  /// `start()` gives an iterator over the same batches every time, of which one is alive at a time.
  /// `num_rows` is -1 where it is not known.
  BatchReader(const Start& start, int64_t num_classes, int64_t num_rows)
      : start_(start), num_classes_(num_classes), num_rows_(num_rows) {}

  int64_t num_classes() const { return num_classes_; }
  int64_t num_rows() const { return num_rows_; }

  /// Fetches the next batch that has rows; false after the last. Throws Error{kInvalidData} for a
  /// batch that does not fit, and when the rows are not as many as they were before;
  /// nanobind::python_error for what goes wrong in Python.
  bool next();
  void reset();

  // Of the batch that was fetched:
  int64_t first_row() const { return next_row_ - pred_probs_->view().rows; }
  const Labels& labels() const { return *labels_; }
  const MatrixView& pred_probs() const { return pred_probs_->view(); }
  const uint8_t* ignored() const;  // one byte for each row, or null

 private:
  bool fetch();
  void check() const;

  nanobind::callable start_;
  nanobind::object batches_;  // the iterator; null before the first batch of a pass
  int64_t num_classes_;
  int64_t num_rows_;  // -1 before the first pass
  int64_t next_row_ = 0;
  std::optional<Labels> labels_;
  std::optional<Matrix> pred_probs_;
  std::optional<Buffer> ignored_;
};

extern template class BatchReader<Integers>;
extern template class BatchReader<LabelSets>;

/// Labels in 0..K-1, or `ignore_label`.
class BatchSource final : public Source {
 public:
  BatchSource(const Start& start, int64_t num_classes, std::optional<int64_t> ignore_label,
              int64_t num_rows)
      : reader_(start, num_classes, num_rows), ignore_label_(ignore_label) {}

  int64_t num_classes() const override { return reader_.num_classes(); }
  int64_t num_rows() const override { return reader_.num_rows(); }
  bool next(Block& block) override;
  void reset() override { reader_.reset(); }

 private:
  BatchReader<Integers> reader_;
  std::optional<int64_t> ignore_label_;
};

/// Label sets.
class LabelSetBatchSource final : public MultilabelSource {
 public:
  LabelSetBatchSource(const Start& start, int64_t num_classes) : reader_(start, num_classes, -1) {}

  int64_t num_classes() const override { return reader_.num_classes(); }
  int64_t num_rows() const override { return reader_.num_rows(); }
  bool next(MultilabelBlock& block) override;
  void reset() override { reader_.reset(); }

 private:
  BatchReader<LabelSets> reader_;
};

}  // namespace labelsieve::python
