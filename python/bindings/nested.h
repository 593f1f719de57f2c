// Ragged data of Python in one walk: lists of lists, lists of arrays.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <deque>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"
#include "views.h"

namespace labelsieve::python {

/// Makes an array with a buffer of anything else, or raises: what the pure Python side knows about
/// tensors, frames and columns of other libraries.
using Convert = nanobind::typed<nanobind::callable, nanobind::object(nanobind::object)>;

/// The memory of anything that has it in a form that can be read; nothing without it.
std::optional<Buffer> try_buffer(nanobind::handle object);

/// Whole numbers of some sequences: in place where they are arrays, else copied.
class NestedIntegers {
 public:
  /// `outer` is any sequence of sequences. `none` is what None among the numbers stands for. Throws
  /// Error{kInvalidArgument} naming the sentence of what is no whole number. Cost: one look at
  /// each number that is not in an array.
  NestedIntegers(nanobind::handle outer, const std::string& name, const Convert& convert,
                 std::optional<int64_t> none = {});

  /// One view per sequence.
  const std::vector<LabelsView>& views() const { return views_; }

  /// All numbers one after another, as one copy.
  std::vector<int64_t> flattened() const;

 private:
  bool copy_numbers(PyObject* sequence, std::optional<int64_t> none);

  std::deque<Buffer> buffers_;
  std::vector<int64_t> copies_;
  std::vector<LabelsView> views_;
};

/// Numbers of some sequences, one after another.
struct NestedDoubles {
  std::vector<double> values;
  std::vector<int64_t> offsets = {0};  ///< Where each sequence begins; one more than there are.
};

/// Flattens a sequence of sequences of numbers. Throws like NestedIntegers.
NestedDoubles nested_doubles(nanobind::handle outer, const std::string& name,
                             const Convert& convert);

/// A matrix per sentence: in place where it is an array, else copied.
class NestedMatrices {
 public:
  /// `outer` is any sequence of matrices, which are arrays or lists of rows. With `one_column` they
  /// are sequences of single numbers. Throws like NestedIntegers.
  NestedMatrices(nanobind::handle outer, const std::string& name, const Convert& convert,
                 bool one_column);

  const std::vector<MatrixView>& views() const { return views_; }

 private:
  std::optional<MatrixView> view_of(nanobind::handle array, bool one_column);
  std::optional<MatrixView> copy_of(PyObject* element, bool one_column);

  std::deque<Buffer> buffers_;
  std::deque<std::vector<double>> copies_;
  std::vector<MatrixView> views_;
};

}  // namespace labelsieve::python
