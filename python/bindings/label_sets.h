// The sets of classes of multi-label data.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>
#include <vector>

#include "labelsieve/multilabel_source.h"
#include "views.h"

namespace labelsieve::python {

/// A list of sequences of integers, copied into ragged arrays in one walk. In place: an N×K array
/// of zeros and ones, or a tuple of two arrays, where each set starts (N + 1) and the classes.
class LabelSets {
 public:
  /// Throws Error{kInvalidArgument} naming the example whose set is none, or holds no integer.
  explicit LabelSets(nanobind::handle labels);

  LabelSetsView view() const;

 private:
  void copy_sets(nanobind::handle list);

  std::optional<Integers> matrix_;
  std::optional<Integers> given_offsets_;
  std::optional<Integers> given_classes_;
  std::vector<int64_t> offsets_;
  std::vector<int64_t> classes_;
};

}  // namespace labelsieve::python
