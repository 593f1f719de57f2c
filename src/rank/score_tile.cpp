#include "rank/score_tile.h"

#include <algorithm>
#include <limits>
#include <memory>
#include <string>

#include "base/refuse_argument.h"
#include "count/check_thresholds.h"
#include "kernels/bounds.h"
#include "kernels/fetch_given.h"
#include "kernels/score_kernel.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// By value, unlike std::clamp: several at once.
double score_of(double self_confidence) {
  const double positive = self_confidence > 0 ? self_confidence : 0;
  return positive < 1 ? positive : 1;
}

template <class T>
int64_t self_confidence_tile(const Tile<T>& tile, double* out) {
  const ProbabilityBounds<Wide<T>> bounds;
  const GivenAhead<T> ahead(tile);
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    ahead.at(i);
    const int32_t label = tile.labels[i];
    if (label == kIgnored) {
      out[i] = kNaN;
      continue;
    }
    const Wide<T> p = widen(tile.rows.row(i)[label]);
    if (!bounds.contain(p)) [[unlikely]]
      return i;
    out[i] = score_of(static_cast<double>(p));
  }
  return kAllRowsValid;
}

/// Probabilities lowered by the thresholds of their classes, raised by the highest of them; their
/// sum is taken in eight interleaved parts, the same on every instruction set.
class AdjustedRow {
 public:
  explicit AdjustedRow(std::span<const double> thresholds)
      : thresholds_(thresholds),
        highest_(*std::max_element(thresholds.begin(), thresholds.end())) {}

  /// Reads a row; false if it holds something else than probabilities.
  template <class T>
  bool read(const T* row, int32_t label) {
    const ProbabilityBounds<double> bounds;
    double sums[8] = {};
    own_ = 0;
    other_ = -std::numeric_limits<double>::infinity();
    bool valid = true;
    for (size_t k = 0; k < thresholds_.size(); ++k) {
      const auto p = static_cast<double>(widen(row[k]));
      valid = valid && bounds.contain(p);
      const double adjusted = p - thresholds_[k] + highest_;
      sums[k % 8] += adjusted;
      if (k == static_cast<size_t>(label)) {
        own_ = adjusted;
      } else {
        other_ = std::max(other_, adjusted);
      }
    }
    sum_ =
        ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
    return valid;
  }

  double score(Method method) const {
    const double self_confidence = own_ / sum_;
    if (method == Method::kSelfConfidence) return std::clamp(self_confidence, 0.0, 1.0);
    const double other = thresholds_.size() == 1 ? 0 : other_ / sum_;
    return std::clamp((self_confidence - other + 1) / 2, 0.0, 1.0);
  }

 private:
  std::span<const double> thresholds_;
  double highest_;
  double own_ = 0;
  double other_ = 0;
  double sum_ = 0;
};

template <class T>
int64_t adjusted_tile(const Tile<T>& tile, Method method, std::span<const double> thresholds,
                      double* out) {
  AdjustedRow adjusted(thresholds);
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    const int32_t label = tile.labels[i];
    if (label == kIgnored) {
      out[i] = kNaN;
      continue;
    }
    if (!adjusted.read(tile.rows.row(i), label)) return i;
    out[i] = adjusted.score(method);
  }
  return kAllRowsValid;
}

}  // namespace

void check_score_options(const ScoreOptions& options, int64_t num_classes) {
  if (!options.adjust_pred_probs) return;
  if (options.method == Method::kConfidenceWeightedEntropy || options.method == Method::kAuto) {
    refuse_argument(std::string("adjust_pred_probs is not defined for ") +
                    (options.method == Method::kAuto ? "auto" : "confidence_weighted_entropy") +
                    "; use self_confidence or normalized_margin");
  }
  if (!options.thresholds.empty()) check_thresholds(options.thresholds.size(), num_classes);
}

void check_room_for_scores(size_t room, int64_t num_examples) {
  if (static_cast<int64_t>(room) == num_examples) return;
  refuse_argument("there is room for " + std::to_string(room) +
                  " scores, which is not the number of examples");
}

TileScorer::TileScorer(Source& source, const ScoreOptions& options) : method_(options.method) {
  check_score_options(options, source.num_classes());
  if (options.adjust_pred_probs) {
    thresholds_ = options.thresholds.empty() ? confident_thresholds(source, options.execution)
                                             : options.thresholds;
  }
  if (method_ == Method::kAuto) {
    auto_.emplace(options.auto_model != nullptr ? options.auto_model
                                                : std::make_shared<const AutoModel>(
                                                      fit_auto_model(source, options.execution)),
                  source.num_classes(), options.execution);
  }
}

template <class T>
int64_t TileScorer::auto_scores(const Tile<T>& tile, double* out, int32_t* suggested) const {
  constexpr int64_t kStep = 256;
  int32_t classes[kStep];
  for (int64_t first = 0; first < tile.rows.count; first += kStep) {
    const Rows<T> rows = tile.rows.part(first, kStep);
    const int32_t* labels = tile.labels + first;
    // Checks the probabilities too: a model may come from other data.
    const int64_t invalid = argmax(rows, labels, classes);
    if (invalid != kAllRowsValid) return first + invalid;
    auto_->score(rows, labels, false, classes, out + first);
    for (int64_t i = 0; i < rows.count; ++i) {
      double& score = out[first + i];
      if (suggested != nullptr && score > 0) suggested[first + i] = classes[i];
      score = labels[i] == kIgnored ? kNaN : quality_of(score);
    }
  }
  return kAllRowsValid;
}

template <class T>
int64_t TileScorer::score(const Tile<T>& tile, double* out, int32_t* suggested) const {
  if (!thresholds_.empty()) return adjusted_tile(tile, method_, thresholds_, out);
  switch (method_) {
    case Method::kSelfConfidence: return self_confidence_tile(tile, out);
    case Method::kNormalizedMargin: return normalized_margin(tile.rows, tile.labels, out);
    case Method::kAuto: return auto_scores(tile, out, suggested);
    default: return confidence_weighted_entropy(tile.rows, tile.labels, out);
  }
}

template <class T>
void TileScorer::score_valid(const Tile<T>& tile, const Wide<T>* self_confidence,
                             double* out) const {
  if (!only_fetches()) {
    score(tile, out);
    return;
  }
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    const double p = score_of(static_cast<double>(self_confidence[i]));
    out[i] = tile.labels[i] == kIgnored ? kNaN : p;
  }
}

template int64_t TileScorer::score(const Tile<float16>&, double*, int32_t*) const;
template int64_t TileScorer::score(const Tile<float>&, double*, int32_t*) const;
template int64_t TileScorer::score(const Tile<double>&, double*, int32_t*) const;
template void TileScorer::score_valid(const Tile<float16>&, const float*, double*) const;
template void TileScorer::score_valid(const Tile<float>&, const float*, double*) const;
template void TileScorer::score_valid(const Tile<double>&, const double*, double*) const;

}  // namespace labelsieve
