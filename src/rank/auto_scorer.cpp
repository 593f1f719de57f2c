#include "rank/auto_scorer.h"

#include <algorithm>
#include <limits>
#include <string>
#include <utility>

#include "base/huge_pages.h"
#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "kernels/confusion_kernel.h"
#include "kernels/correction_kernel.h"
#include "kernels/label_decode.h"
#include "kernels/rival_kernel.h"

namespace labelsieve {
namespace {

/// Above what single precision makes of odds.
constexpr double kRounding = 1e-5;

double ratio_of(double rival, double own) {
  return std::max(rival, kAutoProbabilityFloor) / std::max(own, kAutoProbabilityFloor);
}

}  // namespace

AutoScorer::AutoScorer(std::shared_ptr<const AutoModel> model, int64_t num_classes,
                       const Execution& execution)
    : model_(std::move(model)) {
  const auto elements = static_cast<size_t>(num_classes * num_classes);
  if (model_->num_classes != num_classes || model_->corrections.size() != elements ||
      !(model_->temperature > 0)) {
    refuse_argument("the automatic model was fitted to " + std::to_string(model_->num_classes) +
                    " classes, the probabilities have " + std::to_string(num_classes) +
                    "; fit one to these");
  }
  const int64_t stride = padded_columns(num_classes);
  reserve_huge_pages(factors_, static_cast<size_t>(num_classes * stride));
  factors_.resize(static_cast<size_t>(num_classes * stride));
  largest_factors_.resize(static_cast<size_t>(num_classes));
  least_odds_.resize(static_cast<size_t>(num_classes));
  const Execution silent{.num_threads = execution.num_threads, .progress = {}};
  parallel_for(num_classes, silent, {"corrections", 0, num_classes, 1}, [&](int64_t y, int) {
    const double* from = model_->corrections.data() + y * num_classes;
    double* to = factors_.data() + y * stride;
    write_factors(from, num_classes, model_->temperature, to);
    to[y] = 0;
    const double largest = *std::max_element(to, to + num_classes);
    largest_factors_[static_cast<size_t>(y)] = largest;
    // Infinity for a single class.
    least_odds_[static_cast<size_t>(y)] = static_cast<float>((1 - kRounding) / largest);
  });
}

template <class T>
void AutoScorer::score(const Rows<T>& rows, const int32_t* labels, bool winners_only,
                       int32_t* rivals, double* log_odds) const {
  find_rivals(rows, labels, factors_.data(), largest_factors_.data(), winners_only, rivals);
  const auto is_scored = [&](int64_t i) { return labels[i] != kIgnored && rows.columns > 1; };
  for (int64_t i = 0; i < rows.count; ++i) {
    const T* row = rows.row(i);
    log_odds[i] = is_scored(i) ? ratio_of(static_cast<double>(widen(row[rivals[i]])),
                                          static_cast<double>(widen(row[labels[i]])))
                               : 1;
  }
  to_log_ratios(log_odds, rows.count, 0, 0);
  for (int64_t i = 0; i < rows.count; ++i) {
    log_odds[i] = is_scored(i)
                      ? model_->temperature * log_odds[i] + model_->correction(labels[i], rivals[i])
                      : -std::numeric_limits<double>::infinity();
  }
}

template void AutoScorer::score(const Rows<float16>&, const int32_t*, bool, int32_t*,
                                double*) const;
template void AutoScorer::score(const Rows<float>&, const int32_t*, bool, int32_t*, double*) const;
template void AutoScorer::score(const Rows<double>&, const int32_t*, bool, int32_t*, double*) const;

}  // namespace labelsieve
