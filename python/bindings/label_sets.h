// The sets of classes of multi-label data.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <vector>

#include "labelsieve/multilabel_source.h"

namespace labelsieve::python {

/// A list of sequences of integers, copied into ragged arrays in one walk.
class LabelSets {
 public:
  /// Throws Error{kInvalidArgument} naming the example whose set is none, or holds no integer.
  explicit LabelSets(nanobind::handle list);

  LabelSetsView view() const {
    return LabelSetsView::sets(LabelsView(offsets_.data(), static_cast<int64_t>(offsets_.size())),
                               LabelsView(classes_.data(), static_cast<int64_t>(classes_.size())));
  }

 private:
  std::vector<int64_t> offsets_;
  std::vector<int64_t> classes_;
};

}  // namespace labelsieve::python
