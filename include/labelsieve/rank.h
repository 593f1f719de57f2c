// Label quality scores, in [0, 1], low = suspicious; and orders by them.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "labelsieve/auto_model.h"
#include "labelsieve/execution.h"
#include "labelsieve/guesses.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// Label quality scores (definitions.md §1; Kuan & Mueller, "Model-agnostic label quality scoring
/// to detect real-world label errors", 2022).
enum class Method : uint8_t {
  kSelfConfidence,             ///< P[i, y].
  kNormalizedMargin,           ///< (P[i, y] - max over the other classes + 1) / 2.
  kConfidenceWeightedEntropy,  ///< ln(1 + x) / x with x = normalized entropy / P[i, y].
  /// 1 / (1 + e^s), s the corrected log-odds of the best rival class against the given one
  /// (auto_model.h): below 1/2 where the rival wins.
  kAuto,
};

struct ScoreOptions {
  // Parameters that affect the answer.
  Method method = Method::kSelfConfidence;
  /// Subtract each class's confident threshold first, so that rare and hard classes compare fairly.
  /// Not defined for kConfidenceWeightedEntropy and kAuto (Error{kInvalidArgument}).
  bool adjust_pred_probs = false;
  std::vector<double> thresholds = {};  ///< For adjust_pred_probs; empty: estimated from the data.
  /// For kAuto; empty: fitted to the data first.
  std::shared_ptr<const AutoModel> auto_model = {};

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// One score per example, in input order; NaN for ignored examples. Cost: one pass (for
/// kSelfConfidence one number per example). Throws Error{kInvalidData} for invalid probabilities.
std::vector<double> label_quality_scores(Source& source, const ScoreOptions& options = {});

/// The same into memory of the caller. Throws Error{kInvalidArgument} unless `scores` has one
/// element per example.
void label_quality_scores(Source& source, const ScoreOptions& options, std::span<double> scores);

/// label_quality_scores() into memory of the caller and count_confident_argmax() (guesses.h) in one
/// pass. Throws Error as they do.
ArgmaxCounts score_and_count(Source& source, std::span<const double> thresholds,
                             const ScoreOptions& options, std::span<double> scores);

/// What is known of one example.
struct Example {
  int64_t index = 0;
  int32_t given_label = 0;  ///< -1 for an ignored example.
  /// Argmax of the row, ties to the lower class; by kAuto the rival, where it wins.
  int32_t suggested_label = 0;
  double label_quality = 0;    ///< By ScoreOptions::method; NaN for an ignored example.
  double self_confidence = 0;  ///< P[i, given].
  double suggested_prob = 0;   ///< P[i, suggested].
};

/// The scores of the examples at `indices`, in that order. Cost: their rows only, where the source
/// is in memory. Throws Error as label_quality_scores() does, and Error{kInvalidArgument} for an
/// index outside the data.
std::vector<double> label_quality_scores_at(Source& source, std::span<const int64_t> indices,
                                            const ScoreOptions& options = {});

/// The examples at `indices`, in that order. Cost: their rows only, where the source is in memory.
/// Throws Error{kInvalidArgument} for an index outside the data.
std::vector<Example> describe_examples(Source& source, std::span<const int64_t> indices,
                                       const ScoreOptions& options = {});

/// Every example, in input order.
std::vector<Example> describe_all_examples(Source& source, const ScoreOptions& options = {});

/// The flagged examples by ascending label quality, ties to the lower index; ranks are positions.
/// `mask` has one byte per example.
std::vector<Example> rank_label_issues(Source& source, std::span<const uint8_t> mask,
                                       const ScoreOptions& options = {});

/// Indices of the flagged examples by ascending score, ties to the lower index.
std::vector<int64_t> order_label_issues(std::span<const uint8_t> mask,
                                        std::span<const double> scores);

/// Indices of the `top` lowest scores, ascending, ties to the lower index; NaN comes last.
std::vector<int64_t> find_top_issues(std::span<const double> scores, int64_t top = 10);

}  // namespace labelsieve
