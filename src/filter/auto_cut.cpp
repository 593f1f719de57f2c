#include "filter/auto_cut.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "kernels/for_each_tile.h"
#include "labelsieve/pair_counts.h"

namespace labelsieve {
namespace {

/// An example whose rival wins.
struct Disagreement {
  double log_odds = 0;
  int64_t index = 0;
  int32_t given = 0;
  int32_t rival = 0;
};

/// Finds the disagreements of the tiles that one worker sees.
class DisagreementFinder {
 public:
  template <class T>
  void find(const Tile<T>& tile, const AutoScorer& scorer, const float* odds, int64_t first_row) {
    select(tile.labels, odds, tile.rows.count, scorer);
    rivals_.resize(rows_.size());
    log_odds_.resize(rows_.size());
    Rows<T> rows = tile.rows;
    rows.count = static_cast<int64_t>(rows_.size());
    rows.indices = rows_.data();
    scorer.score(rows, labels_.data(), true, rivals_.data(), log_odds_.data());
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!(log_odds_[i] > 0)) continue;
      found_.push_back({log_odds_[i], first_row + rows_[i], labels_[i], rivals_[i]});
    }
  }

  std::vector<Disagreement>& found() { return found_; }

 private:
  /// The rows that may disagree. Selected, not branched on: which they are is hard to predict.
  void select(const int32_t* labels, const float* odds, int64_t count, const AutoScorer& scorer) {
    rows_.resize(static_cast<size_t>(count));
    labels_.resize(static_cast<size_t>(count));
    size_t kept = 0;
    for (int64_t i = 0; i < count; ++i) {
      rows_[kept] = static_cast<uint32_t>(i);
      labels_[kept] = labels[i];
      kept += (labels[i] != kIgnored) & scorer.may_disagree(std::max(labels[i], 0), odds[i]);
    }
    rows_.resize(kept);
    labels_.resize(kept);
  }

  std::vector<uint32_t> rows_;
  std::vector<int32_t> labels_;
  std::vector<int32_t> rivals_;
  std::vector<double> log_odds_;
  std::vector<Disagreement> found_;
};

/// All disagreements in a fixed order, those that are most likely errors first, ties to the lower
/// index.
std::vector<Disagreement> ranked_disagreements(const AutoCutInput& input) {
  std::vector<DisagreementFinder> finders;
  input.source.reset();
  for (Block block; input.source.next(block);) {
    const auto workers = static_cast<size_t>(tile_workers(block, input.execution));
    finders.resize(std::max(finders.size(), workers));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, input.execution, "rivals", input.source.num_rows(),
                       [&](const Tile<T>& tile) {
                         const int64_t first_row = block.first_row + tile.first;
                         finders[static_cast<size_t>(tile.worker)].find(
                             tile, input.scorer, input.odds.data() + first_row, first_row);
                       });
    });
  }
  const auto is_before = [](const Disagreement& a, const Disagreement& b) {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.index < b.index;
  };
  const auto parts = static_cast<int64_t>(finders.size());
  const Execution silent{.num_threads = input.execution.num_threads, .progress = {}};
  parallel_for(parts, silent, {"cut", 0, parts, 1}, [&](int64_t part, int) {
    std::vector<Disagreement>& found = finders[static_cast<size_t>(part)].found();
    std::sort(found.begin(), found.end(), is_before);
  });
  std::vector<Disagreement> all;
  std::vector<Disagreement> merged;
  for (DisagreementFinder& finder : finders) {
    merged.resize(all.size() + finder.found().size());
    std::merge(all.begin(), all.end(), finder.found().begin(), finder.found().end(), merged.begin(),
               is_before);
    all.swap(merged);
    std::vector<Disagreement>().swap(finder.found());
  }
  return all;
}

/// The chance of an error if noise depends on the class alone and the model knows its own limits:
/// between the two classes of a disagreement, with the flip rates that the confusion of the
/// corrected predictions with the labels shows.
class ClassNoise {
 public:
  ClassNoise(std::span<const Disagreement> disagreements, std::span<const int64_t> label_counts,
             const AutoModel& model)
      : model_(model), agreeing_(label_counts.begin(), label_counts.end()) {
    PairCounts counts(model.num_classes);
    for (const Disagreement& d : disagreements) {
      counts.add(d.rival, d.given);
      --agreeing_[static_cast<size_t>(d.given)];
    }
    confusion_ = counts.to_matrix();
  }

  double error_probability(const Disagreement& d) const {
    constexpr double kLeastSignal = 1e-3;
    const double al = flip_rate(d.given, d.rival);
    const double be = flip_rate(d.rival, d.given);
    // q(given) / (q(given) + q(rival)), without the correction.
    const double share =
        1 / (1 + std::exp(std::min(d.log_odds - model_.correction(d.given, d.rival), 700.0)));
    const double right = std::clamp((share - be) / std::max(1 - al - be, kLeastSignal), 0.0, 1.0);
    const double wrong = (1 - right) * be;
    return wrong / std::max(wrong + right * (1 - al), 1e-300);
  }

 private:
  /// P(given `to` | truly `from`) among the examples of these two, with one pseudo-example a row.
  double flip_rate(int32_t from, int32_t to) const {
    const double pseudo =
        model_.expected_disagreement / static_cast<double>(model_.num_classes - 1);
    const double flipped = static_cast<double>(confusion_.at(from, to)) + pseudo;
    const double kept = static_cast<double>(agreeing_[static_cast<size_t>(from)]) +
                        (1 - model_.expected_disagreement);
    return flipped / (kept + flipped);
  }

  const AutoModel& model_;
  std::vector<int64_t> agreeing_;    // examples of each given class that do not disagree
  SparseMatrix<int64_t> confusion_;  // of the others: rows rival, columns given
};

/// The number of examples to flag: the first k with the largest 2 Σ_{j<=k} chances[j] / (k + sum).
size_t best_cut(std::span<const double> chances, double sum) {
  size_t best = 0;
  double best_f1 = 0;
  double found = 0;
  for (size_t k = 0; k < chances.size(); ++k) {
    found += chances[k];
    const double f1 = 2 * found / (static_cast<double>(k + 1) + sum);
    if (f1 > best_f1) {
      best_f1 = f1;
      best = k + 1;
    }
  }
  return best;
}

}  // namespace

ExpectedErrors cut_automatically(const AutoCutInput& input, std::span<uint8_t> mask) {
  std::fill(mask.begin(), mask.end(), uint8_t{0});
  const std::vector<Disagreement> ranked = ranked_disagreements(input);
  const ClassNoise noise(ranked, input.label_counts, input.scorer.model());
  ExpectedErrors errors;
  errors.high = static_cast<double>(ranked.size());
  std::vector<double> chances(ranked.size());  // first of the low reading, then of the pooled one
  constexpr int64_t kPiece = 4096;
  const auto size = static_cast<int64_t>(ranked.size());
  const Execution silent{.num_threads = input.execution.num_threads, .progress = {}};
  parallel_for(
      (size + kPiece - 1) / kPiece, silent, {"cut", 0, size, kPiece}, [&](int64_t piece, int) {
        const int64_t end = std::min(size, (piece + 1) * kPiece);
        for (auto i = static_cast<size_t>(piece * kPiece); i < static_cast<size_t>(end); ++i) {
          chances[i] = noise.error_probability(ranked[i]);
        }
      });
  for (double& chance : chances) {
    errors.low += chance;
    chance = std::sqrt(chance);
    errors.expected += chance;
  }
  const size_t cut = best_cut(chances, errors.expected);
  for (size_t i = 0; i < cut; ++i) mask[static_cast<size_t>(ranked[i].index)] = 1;
  return errors;
}

}  // namespace labelsieve
