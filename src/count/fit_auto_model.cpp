#include "count/fit_auto_model.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "base/crew.h"
#include "base/parallel.h"
#include "count/fit_temperature.h"
#include "kernels/correction_kernel.h"
#include "labelsieve/count.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

int64_t count_rows_of(Source& source) {
  if (source.num_rows() >= 0) return source.num_rows();
  int64_t rows = 0;
  source.reset();
  for (Block block; source.next(block);) rows = block.first_row + block.pred_probs.rows;
  return rows;
}

/// 1 - Σ_b E[b,b] / N: the maxima of the rows are on the diagonal.
double expected_disagreement(const SoftConfusion& confusion, int64_t num_classes) {
  constexpr double kLowest = 1e-12;  // keeps the pseudo-examples from vanishing
  if (confusion.num_examples == 0) return 1 - 1 / static_cast<double>(num_classes);
  double top = 0;
  for (int64_t b = 0; b < num_classes; ++b) {
    top += confusion.sums[static_cast<size_t>(b * num_classes + b)];
  }
  return std::clamp(1 - top / static_cast<double>(confusion.num_examples), kLowest, 1.0);
}

/// Turns E into w, in place: first row b into ln E[b,a] / E[b,b] with one pseudo-example a row,
/// then each pair of those into half their difference. Real confusion of two classes is nearly
/// symmetric, noise is not; the half is the even bet between "all of the asymmetry is noise" and
/// "none of it".
void to_corrections(std::vector<double>& sums, int64_t num_classes, double disagreement,
                    const Execution& execution) {
  const Execution silent{.num_threads = execution.num_threads, .progress = {}};
  const double pseudo = disagreement / static_cast<double>(std::max<int64_t>(num_classes - 1, 1));
  double* w = sums.data();
  parallel_for(num_classes, silent, {"corrections", 0, num_classes, 1}, [&](int64_t b, int) {
    double* row = w + b * num_classes;
    to_log_ratios(row, num_classes, pseudo, std::log(row[b] + (1 - disagreement)));
  });
  // Square by square, so that columns are not walked down line by line of the cache.
  constexpr int64_t kSide = 32;
  const int64_t squares = (num_classes + kSide - 1) / kSide;
  parallel_for(squares, silent, {"corrections", 0, num_classes, kSide}, [&](int64_t square, int) {
    const int64_t first = square * kSide;
    const int64_t end = std::min(num_classes, first + kSide);
    for (int64_t next = first; next < num_classes; next += kSide) {
      for (int64_t a = first; a < end; ++a) {
        const int64_t last = std::min(num_classes, next + kSide);
        for (int64_t b = std::max(next, a); b < last; ++b) {
          double& upper = w[a * num_classes + b];
          double& lower = w[b * num_classes + a];
          upper = 0.5 * (lower - upper);
          lower = -upper;
        }
      }
    }
  });
}

}  // namespace

AutoFit::AutoFit(Source& source, const Execution& execution) : num_classes_(source.num_classes()) {
  const CrewScope scope;
  const int64_t num_rows = count_rows_of(source);
  if (num_rows <= 0) throw Error(ErrorCode::kInvalidData, "there are no examples");
  const bool fits_all = num_temperature_rows(num_rows, num_classes_) == num_rows;
  try {
    temperature_ = fit_temperature(source, num_rows, execution);
  } catch (const Error& error) {
    // The sample need not meet the first invalid example first; a look at all of them does.
    if (error.code() == ErrorCode::kInvalidData) confident_joint(source, {.execution = execution});
    throw;
  }
  confusion_.emplace(num_rows, num_classes_, temperature_, fits_all);
}

AutoModel AutoFit::model(const Execution& execution) const {
  AutoModel model;
  model.num_classes = num_classes_;
  model.temperature = temperature_;
  SoftConfusion confusion = confusion_->result(execution);
  model.expected_disagreement = expected_disagreement(confusion, model.num_classes);
  model.corrections = std::move(confusion.sums);
  to_corrections(model.corrections, model.num_classes, model.expected_disagreement, execution);
  return model;
}

AutoModel fit_auto_model(Source& source, const Execution& execution) {
  const CrewScope scope;
  AutoFit fit(source, execution);
  count_confusion(source, execution, fit.confusion());
  return fit.model(execution);
}

}  // namespace labelsieve
