// A source that Python feeds, batch by batch, as often as it is read.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

#include "labelsieve/source.h"
#include "views.h"

namespace labelsieve::python {

/// Gives an iterator over the batches.
using Start = nanobind::typed<nanobind::callable, nanobind::object()>;

/// Batches of pairs (labels, pred_probs), arrays as Integers and Matrix take them. Made and
/// destroyed with the interpreter's lock held; next() and reset() take it themselves.
class BatchSource final : public Source {
 public:
  /// `start()` gives an iterator over the same batches every time, of which one is alive at a time.
  /// Labels are in 0..K-1, or `ignore_label`. `num_rows` is -1 where it is not known.
  BatchSource(const Start& start, int64_t num_classes, std::optional<int64_t> ignore_label,
              int64_t num_rows);

  int64_t num_classes() const override { return num_classes_; }
  int64_t num_rows() const override { return num_rows_; }

  /// Throws Error{kInvalidData} for a batch that does not fit, and when the rows are not as many as
  /// they were before; nanobind::python_error for what goes wrong in Python.
  bool next(Block& block) override;
  void reset() override;

 private:
  bool fetch();
  void check() const;

  nanobind::callable start_;
  nanobind::object batches_;  // the iterator; null before the first batch of a pass
  int64_t num_classes_;
  std::optional<int64_t> ignore_label_;
  int64_t num_rows_;  // -1 before the first pass
  int64_t next_row_ = 0;
  std::optional<Integers> labels_;
  std::optional<Matrix> pred_probs_;
};

}  // namespace labelsieve::python
