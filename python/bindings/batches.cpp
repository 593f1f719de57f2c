#include "batches.h"

#include <string>
#include <type_traits>

#include "labelsieve/error.h"

namespace labelsieve::python {
namespace {

namespace nb = nanobind;

[[noreturn]] void refuse_batch(const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message);
}

int64_t rows_of(const Integers& labels) { return labels.view().size; }
int64_t rows_of(const LabelSets& labels) { return labels.view().rows(); }

const char* name_of(const Integers&) { return " labels"; }
const char* name_of(const LabelSets&) { return " label sets"; }

}  // namespace

template <class Labels>
void BatchReader<Labels>::reset() {
  const nb::gil_scoped_acquire locked;
  batches_ = nb::object();
  labels_.reset();
  pred_probs_.reset();
  ignored_.reset();
  next_row_ = 0;
}

template <class Labels>
bool BatchReader<Labels>::next() {
  const nb::gil_scoped_acquire locked;
  do {
    if (!fetch()) return false;
  } while (pred_probs_->view().rows == 0);
  next_row_ += pred_probs_->view().rows;
  return true;
}

template <class Labels>
const uint8_t* BatchReader<Labels>::ignored() const {
  return ignored_ ? bytes_of(*ignored_).data() : nullptr;
}

/// The next batch into labels_ and pred_probs_; false after the last.
template <class Labels>
bool BatchReader<Labels>::fetch() {
  if (!batches_.is_valid()) batches_ = start_();
  labels_.reset();
  pred_probs_.reset();
  ignored_.reset();
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
  if constexpr (std::is_same_v<Labels, LabelSets>) {
    if (!nb::object(batch[2]).is_none()) ignored_.emplace(batch[2]);
  }
  check();
  return true;
}

template <class Labels>
void BatchReader<Labels>::check() const {
  const int64_t size = rows_of(*labels_);
  const MatrixView& rows = pred_probs_->view();
  const std::string place = "the batch from row " + std::to_string(next_row_);
  if (size != rows.rows) {
    refuse_batch(place + " has " + std::to_string(size) + name_of(*labels_) + " and " +
                 std::to_string(rows.rows) + " rows of probabilities; give one row for each");
  }
  if (rows.columns != num_classes_) {
    refuse_batch(place + " has " + std::to_string(rows.columns) + " columns, the first " +
                 std::to_string(num_classes_));
  }
  if (ignored_ && static_cast<int64_t>(bytes_of(*ignored_).size()) != size) {
    refuse_batch(place + " has not one mark for each of its rows");
  }
  // The engine checks the labels on the first pass alone, and keeps room for its rows.
  if (num_rows_ >= 0 && next_row_ + size > num_rows_) {
    refuse_batch("the batches have more than " + std::to_string(num_rows_) +
                 " rows when they are read again: they must be the same every time");
  }
}

template class BatchReader<Integers>;
template class BatchReader<LabelSets>;

bool BatchSource::next(Block& block) {
  if (!reader_.next()) return false;
  block = {reader_.first_row(), reader_.labels().view(), reader_.pred_probs()};
  block.labels.ignore_label = ignore_label_;
  return true;
}

bool LabelSetBatchSource::next(MultilabelBlock& block) {
  if (!reader_.next()) return false;
  block = {reader_.first_row(), reader_.labels().view(), reader_.pred_probs()};
  block.labels.ignored = reader_.ignored();
  return true;
}

}  // namespace labelsieve::python
