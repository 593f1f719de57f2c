#include "tasks/multilabel_scores.h"

#include <limits>
#include <string>

#include "base/refuse_argument.h"
#include "tasks/multilabel_auto.h"
#include "tasks/multilabel_count.h"
#include "tasks/multilabel_pooling.h"

namespace labelsieve {
namespace {

constexpr double kNaN = std::numeric_limits<double>::quiet_NaN();

/// Scores the rows of a block into out + row · K; ignored rows stay as they are.
void score_block_per_class(const MultilabelBlock& block, const LabelScorer& scorer,
                           const Execution& execution, int64_t total_rows, double* out) {
  const int64_t classes = block.pred_probs.columns;
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    std::vector<std::vector<double>> scratch(
        static_cast<size_t>(multilabel_workers(block, execution)));
    for_each_multilabel_tile<T>(
        block, nullptr, execution, "scores", total_rows, [&](const MultilabelTile<T>& tile) {
          if (tile.positions == nullptr) {
            scorer.score(tile, out + tile.first * classes);
            return;
          }
          std::vector<double>& scores = scratch[static_cast<size_t>(tile.worker)];
          scores.resize(static_cast<size_t>(tile.in.rows.count * classes));
          scorer.score(tile, scores.data());
          for (int64_t i = 0; i < tile.in.rows.count; ++i) {
            std::copy_n(scores.data() + i * classes, classes, out + tile.index(i) * classes);
          }
        });
  });
}

/// The same pooled, into out + row.
void score_block(const MultilabelBlock& block, const LabelScorer& scorer, const ScorePooler& pooler,
                 const Execution& execution, int64_t total_rows, double* out) {
  const int64_t classes = block.pred_probs.columns;
  struct Scratch {
    std::vector<double> scores;
    std::vector<double> pooled;
  };
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    std::vector<Scratch> scratch(static_cast<size_t>(multilabel_workers(block, execution)));
    for_each_multilabel_tile<T>(
        block, nullptr, execution, "scores", total_rows, [&](const MultilabelTile<T>& tile) {
          Scratch& own = scratch[static_cast<size_t>(tile.worker)];
          own.scores.resize(static_cast<size_t>(tile.in.rows.count * classes));
          own.pooled.resize(static_cast<size_t>(tile.in.rows.count));
          scorer.score(tile, own.scores.data());
          pooler.pool(own.scores.data(), tile.in.rows.count, own.pooled.data());
          for (int64_t i = 0; i < tile.in.rows.count; ++i) out[tile.index(i)] = own.pooled[i];
        });
  });
}

}  // namespace

namespace {

void check_auto_options(const MultilabelScoreOptions& options, int64_t num_classes) {
  if (options.adjust_pred_probs) {
    refuse_argument(
        "adjust_pred_probs is not defined for auto; use self_confidence or "
        "normalized_margin");
  }
  const auto& models = options.auto_models;
  if (models.empty()) return;
  const auto is_unfit = [](const AutoModel& model) {
    return model.num_classes != 2 || model.corrections.size() != 4 || !(model.temperature > 0);
  };
  if (static_cast<int64_t>(models.size()) != num_classes ||
      std::any_of(models.begin(), models.end(), is_unfit)) {
    refuse_argument("one automatic model per class is needed, each for two classes; there are " +
                    std::to_string(models.size()) + " for " + std::to_string(num_classes) +
                    " classes");
  }
}

}  // namespace

LabelScorer::LabelScorer(MultilabelSource& source, const MultilabelScoreOptions& options)
    : method_(options.method), fold_(fold_of(source.num_classes())) {
  if (method_ == Method::kAuto) {
    check_auto_options(options, source.num_classes());
    models_ = options.auto_models.empty() ? fit_multilabel_models(source, options.execution)
                                          : options.auto_models;
    return;
  }
  if (!options.adjust_pred_probs) return;
  if (method_ == Method::kConfidenceWeightedEntropy) {
    refuse_argument(
        "adjust_pred_probs is not defined for confidence_weighted_entropy; use "
        "self_confidence or normalized_margin");
  }
  check_multilabel_thresholds(options.thresholds, source.num_classes());
  thresholds_ = options.thresholds.empty() ? multilabel_thresholds(source, options.execution)
                                           : options.thresholds;
}

std::vector<double> multilabel_quality_scores(MultilabelSource& source,
                                              const MultilabelScoreOptions& options) {
  const LabelScorer scorer(source, options);
  const ScorePooler pooler(options.pooling, source.num_classes());
  std::vector<double> scores;
  scores.reserve(static_cast<size_t>(std::max<int64_t>(source.num_rows(), 0)));
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    scores.resize(static_cast<size_t>(block.first_row + block.pred_probs.rows), kNaN);
    score_block(block, scorer, pooler, options.execution, source.num_rows(), scores.data());
  }
  return scores;
}

std::vector<double> multilabel_quality_scores_per_class(MultilabelSource& source,
                                                        const MultilabelScoreOptions& options) {
  const LabelScorer scorer(source, options);
  std::vector<double> scores;
  const int64_t classes = source.num_classes();
  scores.reserve(static_cast<size_t>(std::max<int64_t>(source.num_rows(), 0) * classes));
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    scores.resize(static_cast<size_t>((block.first_row + block.pred_probs.rows) * classes), kNaN);
    score_block_per_class(block, scorer, options.execution, source.num_rows(), scores.data());
  }
  return scores;
}

void multilabel_quality_scores_per_class(MultilabelSource& source,
                                         const MultilabelScoreOptions& options,
                                         std::span<double> scores) {
  const LabelScorer scorer(source, options);
  const auto size = static_cast<int64_t>(scores.size());
  std::fill(scores.begin(), scores.end(), kNaN);
  int64_t elements = 0;
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    elements = (block.first_row + block.pred_probs.rows) * source.num_classes();
    if (elements > size) break;
    score_block_per_class(block, scorer, options.execution, source.num_rows(), scores.data());
  }
  if (elements != size) {
    refuse_argument("there is room for " + std::to_string(size) +
                    " scores, which is not the number of examples times that of classes");
  }
}

}  // namespace labelsieve
