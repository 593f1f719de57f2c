#include "filter/disagreements.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "kernels/for_each_tile.h"
#include "kernels/odds_kernel.h"

namespace labelsieve {
namespace {

/// Finds the disagreements of the tiles that one worker sees.
class DisagreementFinder {
 public:
  /// For so many rows, more or less.
  DisagreementFinder(int64_t rows, int64_t num_classes) : pairs_(num_classes) {
    constexpr int64_t kMost = int64_t{1} << 20;
    reserve_huge_pages(found_, static_cast<size_t>(std::min(rows / 4, kMost)));
  }

  template <class T>
  void find(const Tile<T>& tile, const AutoScorer& scorer, const float* odds, int64_t first_row) {
    select(tile.labels, odds, tile.rows.count, scorer.least_odds());
    rivals_.resize(rows_.size());
    log_odds_.resize(rows_.size());
    Rows<T> rows = tile.rows;
    rows.count = static_cast<int64_t>(rows_.size());
    rows.indices = rows_.data();
    scorer.score(rows, labels_.data(), true, rivals_.data(), log_odds_.data());
    for (size_t i = 0; i < rows_.size(); ++i) {
      if (!(log_odds_[i] > 0)) continue;
      found_.push_back({log_odds_[i], first_row + rows_[i], labels_[i], rivals_[i]});
      pairs_.add(rivals_[i], labels_[i]);
    }
  }

  void move_to(Disagreements& all) {
    all.parts.push_back(std::move(found_));
    all.pairs.merge(pairs_);
  }

 private:
  /// The rows that may disagree; ignored ones have odds of 0.
  void select(const int32_t* labels, const float* odds, int64_t count,
              std::span<const float> least_odds) {
    rows_.resize(static_cast<size_t>(count + kOddsPadding));
    rows_.resize(
        static_cast<size_t>(select_by_odds(odds, labels, count, least_odds.data(),
                                           static_cast<int64_t>(least_odds.size()), rows_.data())));
    labels_.resize(rows_.size());
    std::transform(rows_.begin(), rows_.end(), labels_.begin(),
                   [labels](uint32_t row) { return labels[row]; });
  }

  std::vector<uint32_t> rows_;
  std::vector<int32_t> labels_;
  std::vector<int32_t> rivals_;
  std::vector<double> log_odds_;
  std::vector<Disagreement> found_;
  PairCounts pairs_;
};

}  // namespace

Disagreements find_disagreements(Source& source, const AutoScorer& scorer,
                                 std::span<const BlockSummaries> kept, const Execution& execution) {
  std::vector<DisagreementFinder> finders;
  source.reset();
  for (Block source_block; source.next(source_block); kept = kept.subspan(1)) {
    const Block block = kept.front().with_labels(source_block);
    const float* const odds = kept.front().odds();
    const auto workers = static_cast<size_t>(tile_workers(block, execution));
    while (finders.size() < workers) {
      finders.emplace_back(block.pred_probs.rows / static_cast<int64_t>(workers),
                           source.num_classes());
    }
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, execution, "rivals", source.num_rows(), [&](const Tile<T>& tile) {
        finders[static_cast<size_t>(tile.worker)].find(tile, scorer, odds + tile.first,
                                                       block.first_row + tile.first);
      });
    });
  }
  Disagreements all{.parts = {}, .pairs = PairCounts(source.num_classes())};
  for (DisagreementFinder& finder : finders) finder.move_to(all);
  return all;
}

}  // namespace labelsieve
