// Multi-label examples as the package's own functions take them: arrays, or in batches.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <optional>

#include "batches.h"
#include "label_sets.h"
#include "labelsieve/multilabel_source.h"
#include "views.h"

namespace labelsieve::python {

/// The data of one call; holds what its views look at. Neither copied nor shared between threads.
class MultilabelExamples {
 public:
  MultilabelExamples() = default;
  MultilabelExamples(const MultilabelExamples&) = delete;
  MultilabelExamples& operator=(const MultilabelExamples&) = delete;
  virtual ~MultilabelExamples() = default;

  virtual MultilabelSource& source() = 0;
};

/// Arrays, or a list of sets.
class MultilabelArrays final : public MultilabelExamples {
 public:
  /// `ignored` has one byte for each example, or is None.
  MultilabelArrays(nanobind::handle labels, nanobind::handle pred_probs, nanobind::handle ignored);
  MultilabelSource& source() override { return *source_; }

 private:
  LabelSets labels_;
  Matrix matrix_;
  std::optional<Buffer> ignored_;
  std::optional<MultilabelMemorySource> source_;
};

/// Batches, which are read again for every pass.
class MultilabelBatches final : public MultilabelExamples {
 public:
  MultilabelBatches(const Start& start, int64_t num_classes) : source_(start, num_classes) {}
  MultilabelSource& source() override { return source_; }

 private:
  LabelSetBatchSource source_;
};

}  // namespace labelsieve::python
