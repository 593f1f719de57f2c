#include "filter/ranked_chances.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <utility>
#include <vector>

#include "base/huge_pages.h"
#include "base/parallel.h"

namespace labelsieve {
namespace {

// A type, not a function, so that the sort compares without calls.
struct IsBefore {
  bool operator()(const RankedChance& a, const RankedChance& b) const {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.index < b.index;
  }
};

/// Sorts by dealing into buckets by log-odds, then each of them on its own: whoever dealt what into
/// a bucket, its order is the same afterwards.
class BucketSort {
 public:
  BucketSort(const Disagreements& disagreements, const Execution& execution)
      : parts_(disagreements.parts), silent_{.num_threads = execution.num_threads, .progress = {}} {
    std::vector<double> largest(parts_.size());
    for_each_part([&](size_t part) {
      for (const Disagreement& d : parts_[part]) {
        largest[part] = std::max(largest[part], d.log_odds);
      }
    });
    for (const double one : largest) largest_ = std::max(largest_, one);
    next_.assign(parts_.size(), std::vector<int64_t>(kBuckets));
    for_each_part([&](size_t part) {
      for (const Disagreement& d : parts_[part]) ++next_[part][bucket_of(d.log_odds)];
    });
    begin_buckets();
  }

  size_t size() const { return static_cast<size_t>(begins_.back()); }

  void sort(const WriteChances& write_chances, RankedChance* out) {
    for_each_part([&](size_t part) { deal(part, write_chances, out); });
    constexpr size_t kTogether = 64;
    parallel_for(kBuckets / kTogether, silent_, {"cut", 0, kBuckets, kTogether},
                 [&](int64_t piece, int) {
                   const size_t first = static_cast<size_t>(piece) * kTogether;
                   for (size_t bucket = first; bucket < first + kTogether; ++bucket) {
                     std::sort(out + begins_[bucket], out + begins_[bucket + 1], IsBefore());
                   }
                 });
  }

 private:
  static constexpr size_t kBuckets = 8192;

  size_t bucket_of(double log_odds) const {
    // The root, because small log-odds are many.
    const double from_top = kBuckets * (1 - std::sqrt(log_odds / largest_));
    return std::min(kBuckets - 1, static_cast<size_t>(from_top));
  }

  template <class Work>
  void for_each_part(const Work& work) {
    const auto parts = static_cast<int64_t>(parts_.size());
    parallel_for(parts, silent_, {"cut", 0, parts, 1},
                 [&](int64_t part, int) { work(static_cast<size_t>(part)); });
  }

  /// From counts to where each part begins in each bucket.
  void begin_buckets() {
    int64_t begin = 0;
    for (size_t bucket = 0; bucket < kBuckets; ++bucket) {
      begins_[bucket] = begin;
      for (std::vector<int64_t>& part : next_) begin += std::exchange(part[bucket], begin);
    }
    begins_[kBuckets] = begin;
  }

  void deal(size_t part, const WriteChances& write_chances, RankedChance* out) {
    std::array<double, 1024> chances;
    std::span<const Disagreement> rest = parts_[part];
    while (!rest.empty()) {
      const auto some = rest.first(std::min(rest.size(), chances.size()));
      write_chances(some, std::span(chances).first(some.size()));
      for (size_t i = 0; i < some.size(); ++i) {
        int64_t& next = next_[part][bucket_of(some[i].log_odds)];
        out[next++] = {some[i].log_odds, some[i].index, chances[i]};
      }
      rest = rest.subspan(some.size());
    }
  }

  const std::vector<std::vector<Disagreement>>& parts_;
  Execution silent_;
  double largest_ = 0;
  std::vector<std::vector<int64_t>> next_;  // of each part: where its next in a bucket goes
  std::vector<int64_t> begins_ = std::vector<int64_t>(kBuckets + 1);
};

}  // namespace

RankedChances::RankedChances(const Disagreements& disagreements, const WriteChances& write_chances,
                             const Execution& execution) {
  BucketSort buckets(disagreements, execution);
  size_ = buckets.size();
  ranked_ = std::make_unique_for_overwrite<RankedChance[]>(size_);
  advise_huge_pages(ranked_.get(), size_ * sizeof(RankedChance));
  buckets.sort(write_chances, ranked_.get());
}

}  // namespace labelsieve
