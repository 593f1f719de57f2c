#include "filter/auto_cut.h"

#include <algorithm>
#include <cmath>

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
    rows_.clear();
    labels_.clear();
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      if (tile.labels[i] == kIgnored || !scorer.may_disagree(tile.labels[i], odds[i])) continue;
      rows_.push_back(static_cast<uint32_t>(i));
      labels_.push_back(tile.labels[i]);
    }
    rivals_.resize(rows_.size());
    log_odds_.resize(rows_.size());
    Rows<T> rows = tile.rows;
    rows.count = static_cast<int64_t>(rows_.size());
    rows.indices = rows_.data();
    scorer.score(rows, labels_.data(), rivals_.data(), log_odds_.data());
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!(log_odds_[i] > 0)) continue;
      found_.push_back({log_odds_[i], first_row + rows_[i], labels_[i], rivals_[i]});
    }
  }

  const std::vector<Disagreement>& found() const { return found_; }

 private:
  std::vector<uint32_t> rows_;
  std::vector<int32_t> labels_;
  std::vector<int32_t> rivals_;
  std::vector<double> log_odds_;
  std::vector<Disagreement> found_;
};

/// All disagreements, those that are most likely errors first, ties to the lower index.
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
  std::vector<Disagreement> all;
  for (const DisagreementFinder& finder : finders) {
    all.insert(all.end(), finder.found().begin(), finder.found().end());
  }
  std::sort(all.begin(), all.end(), [](const Disagreement& a, const Disagreement& b) {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.index < b.index;
  });
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
  std::vector<double> chances(ranked.size());
  for (size_t i = 0; i < ranked.size(); ++i) {
    const double low = noise.error_probability(ranked[i]);
    errors.low += low;
    chances[i] = std::sqrt(low);
    errors.expected += chances[i];
  }
  const size_t cut = best_cut(chances, errors.expected);
  for (size_t i = 0; i < cut; ++i) mask[static_cast<size_t>(ranked[i].index)] = 1;
  return errors;
}

}  // namespace labelsieve
