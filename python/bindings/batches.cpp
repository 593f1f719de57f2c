#include "batches.h"

#include <string>

#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

namespace nb = nanobind;

[[noreturn]] void refuse_batch(const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message);
}

}  // namespace

BatchSource::BatchSource(const Start& start, int64_t num_classes,
                         std::optional<int64_t> ignore_label, int64_t num_rows)
    : start_(start), num_classes_(num_classes), ignore_label_(ignore_label), num_rows_(num_rows) {}

void BatchSource::reset() {
  const nb::gil_scoped_acquire locked;
  batches_ = nb::object();
  labels_.reset();
  pred_probs_.reset();
  next_row_ = 0;
}

bool BatchSource::next(Block& block) {
  const nb::gil_scoped_acquire locked;
  do {
    if (!fetch()) return false;
  } while (pred_probs_->view().rows == 0);
  block = {next_row_, labels_->view(), pred_probs_->view()};
  block.labels.ignore_label = ignore_label_;
  next_row_ += block.labels.size;
  return true;
}

/// The next batch into labels_ and pred_probs_; false after the last.
bool BatchSource::fetch() {
  if (!batches_.is_valid()) batches_ = start_();
  labels_.reset();
  pred_probs_.reset();
  const nb::object batch = nb::steal(PyIter_Next(batches_.ptr()));
  if (!batch.is_valid()) {
    if (PyErr_Occurred() != nullptr) throw nb::python_error();
    if (num_rows_ < 0) num_rows_ = next_row_;
    if (next_row_ < num_rows_) {
      refuse_batch("the batches have " + std::to_string(next_row_) +
                   " rows when they are read again, " + std::to_string(num_rows_) +
                   " before: they must be the same every time");
    }
    return false;
  }
  labels_.emplace(batch[0]);
  pred_probs_.emplace(batch[1]);
  check();
  return true;
}

void BatchSource::check() const {
  const int64_t size = labels_->view().size;
  const MatrixView& rows = pred_probs_->view();
  const std::string place = "the batch from row " + std::to_string(next_row_);
  if (size != rows.rows) {
    refuse_batch(place + " has " + std::to_string(size) + " labels and " +
                 std::to_string(rows.rows) + " rows of probabilities; give one row for each label");
  }
  if (rows.columns != num_classes_) {
    refuse_batch(place + " has " + std::to_string(rows.columns) + " columns, the first " +
                 std::to_string(num_classes_));
  }
  // The engine checks the labels on the first pass alone, and keeps room for its rows.
  if (num_rows_ >= 0 && next_row_ + size > num_rows_) {
    refuse_batch("the batches have more than " + std::to_string(num_rows_) +
                 " rows when they are read again: they must be the same every time");
  }
}

}  // namespace labelsieve::python
