#include "filter/disagreements.h"

#include <algorithm>
#include <cmath>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "base/parallel.h"
#include "kernels/for_each_tile.h"

namespace labelsieve {
namespace {

/// Finds the disagreements of the tiles that one worker sees.
class DisagreementFinder {
 public:
  /// For so many rows, more or less.
  explicit DisagreementFinder(int64_t rows) {
    constexpr int64_t kMost = int64_t{1} << 20;
    reserve_huge_pages(found_, static_cast<size_t>(std::min(rows / 4, kMost)));
  }

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

/// Found in any order; each of the vectors by one worker.
using Found = std::vector<std::vector<Disagreement>>;

Found find_all(Source& source, const AutoScorer& scorer, std::span<const float> odds,
               const Execution& execution) {
  std::vector<DisagreementFinder> finders;
  source.reset();
  for (Block block; source.next(block);) {
    const auto workers = static_cast<size_t>(tile_workers(block, execution));
    while (finders.size() < workers) {
      finders.emplace_back(block.pred_probs.rows / static_cast<int64_t>(workers));
    }
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, execution, "rivals", source.num_rows(), [&](const Tile<T>& tile) {
        const int64_t first_row = block.first_row + tile.first;
        finders[static_cast<size_t>(tile.worker)].find(tile, scorer, odds.data() + first_row,
                                                       first_row);
      });
    });
  }
  Found found;
  for (DisagreementFinder& finder : finders) found.push_back(std::move(finder.found()));
  return found;
}

/// Sorts by dealing into buckets of equal width by log-odds, then each of them on its own: whoever
/// dealt what into a bucket, its order is the same afterwards.
class BucketSort {
 public:
  BucketSort(Found found, const Execution& execution)
      : found_(std::move(found)), silent_{.num_threads = execution.num_threads, .progress = {}} {}

  std::vector<Disagreement> sorted() {
    count();
    const size_t size = begin_buckets();
    std::vector<Disagreement> all;
    reserve_huge_pages(all, size);
    all.resize(size);
    for_each_part([&](size_t part) {
      for (const Disagreement& d : found_[part]) {
        all[static_cast<size_t>(next_[part][bucket_of(d)]++)] = d;
      }
    });
    constexpr size_t kTogether = 64;
    parallel_for(
        kBuckets / kTogether, silent_, {"cut", 0, kBuckets, kTogether}, [&](int64_t piece, int) {
          const size_t first = static_cast<size_t>(piece) * kTogether;
          for (size_t bucket = first; bucket < first + kTogether; ++bucket) {
            std::sort(all.begin() + begins_[bucket], all.begin() + begins_[bucket + 1], IsBefore());
          }
        });
    return all;
  }

 private:
  static constexpr size_t kBuckets = 8192;

  // A type, not a function, so that the sort compares without calls.
  struct IsBefore {
    bool operator()(const Disagreement& a, const Disagreement& b) const {
      return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.index < b.index;
    }
  };

  size_t bucket_of(const Disagreement& d) const {
    // The root, because small log-odds are many.
    const double from_top = kBuckets * (1 - std::sqrt(d.log_odds / largest_));
    return std::min(kBuckets - 1, static_cast<size_t>(from_top));
  }

  template <class Work>
  void for_each_part(const Work& work) {
    const auto parts = static_cast<int64_t>(found_.size());
    parallel_for(parts, silent_, {"cut", 0, parts, 1},
                 [&](int64_t part, int) { work(static_cast<size_t>(part)); });
  }

  void count() {
    for (const std::vector<Disagreement>& part : found_) {
      for (const Disagreement& d : part) largest_ = std::max(largest_, d.log_odds);
    }
    next_.assign(found_.size(), std::vector<int64_t>(kBuckets));
    for_each_part([&](size_t part) {
      for (const Disagreement& d : found_[part]) ++next_[part][bucket_of(d)];
    });
  }

  /// From counts to where each part begins in each bucket; returns the number of all.
  size_t begin_buckets() {
    int64_t begin = 0;
    for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
      begins_[bucket] = begin;
      for (std::vector<int64_t>& part : next_) begin += std::exchange(part[bucket], begin);
    }
    begins_[kBuckets] = begin;
    return static_cast<size_t>(begin);
  }

  Found found_;
  Execution silent_;
  double largest_ = 0;
  std::vector<std::vector<int64_t>> next_;  // of each part: where its next in a bucket goes
  std::vector<int64_t> begins_ = std::vector<int64_t>(kBuckets + 1);
};

}  // namespace

std::vector<Disagreement> ranked_disagreements(Source& source, const AutoScorer& scorer,
                                               std::span<const float> odds,
                                               const Execution& execution) {
  return BucketSort(find_all(source, scorer, odds, execution), execution).sorted();
}

}  // namespace labelsieve
