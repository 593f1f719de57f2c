// Examples as the package's own functions take them: of one model, of several, or in batches.
#pragma once

#include <nanobind/nanobind.h>

#include <memory>
#include <optional>
#include <vector>

#include "batches.h"
#include "labelsieve/ensemble.h"
#include "labelsieve/source.h"
#include "views.h"

namespace labelsieve::python {

using ObjectList = nanobind::typed<nanobind::list, nanobind::object>;

/// The models of an ensemble, whose scores are weighted; borrowed by what holds them.
struct Ensemble {
  LabelsView labels;
  std::vector<MatrixView> pred_probs;
  std::vector<double> weights;
};

/// What Python holds of one call's data. Neither copied nor shared between threads.
class Examples {
 public:
  Examples() = default;
  Examples(const Examples&) = delete;
  Examples& operator=(const Examples&) = delete;
  virtual ~Examples() = default;

  /// Labels and probabilities; of an ensemble the weighted means.
  virtual Source& source() = 0;

  /// Null where there is one model.
  virtual const Ensemble* ensemble() const { return nullptr; }
};

/// Arrays: one model's are read where they are, several models' too.
class ArrayExamples final : public Examples {
 public:
  /// `weights` are for several models alone.
  ArrayExamples(nanobind::handle labels, const ObjectList& pred_probs,
                std::optional<int64_t> ignore_label, std::vector<double> weights);
  Source& source() override { return *source_; }
  const Ensemble* ensemble() const override { return ensemble_ ? &*ensemble_ : nullptr; }

 private:
  Integers labels_;
  std::vector<Matrix> pred_probs_;
  std::optional<Ensemble> ensemble_;
  std::unique_ptr<Source> source_;
};

/// Batches, which are read again for every pass.
class BatchExamples final : public Examples {
 public:
  BatchExamples(const Start& start, int64_t num_classes, std::optional<int64_t> ignore_label,
                int64_t num_rows)
      : source_(start, num_classes, ignore_label, num_rows) {}
  Source& source() override { return source_; }

 private:
  BatchSource source_;
};

}  // namespace labelsieve::python
