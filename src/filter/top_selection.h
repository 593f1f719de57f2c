// The n best of a stream of examples.
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <vector>

namespace labelsieve {

/// Keeps the `capacity` examples with the largest keys, ties to the lower index. Any order of
/// push() gives the same selection. Memory: at most 2 · capacity entries and a few; amortised
/// constant time per push.
class TopSelection {
 public:
  struct Entry {
    double key = 0;
    int64_t index = 0;
  };

  explicit TopSelection(int64_t capacity = 0) : capacity_(static_cast<size_t>(capacity)) {}

  void push(double key, int64_t index) {
    const Entry entry{key, index};
    if (has_cutoff_ && !better(entry, cutoff_)) return;
    entries_.push_back(entry);
    if (entries_.size() >= capacity_ + std::max(capacity_, kSlack)) shrink();
  }

  /// The selection so far, in no particular order. Pushing may go on afterwards.
  const std::vector<Entry>& entries() {
    if (entries_.size() > capacity_) shrink();
    return entries_;
  }

  /// Keys below are not taken any more.
  double lowest_key() const { return has_cutoff_ ? cutoff_.key : kAnyKey; }

  int64_t capacity() const { return static_cast<int64_t>(capacity_); }

  /// Whether as many as the capacity were pushed.
  bool full() const { return entries_.size() >= capacity_; }

 private:
  static constexpr size_t kSlack = 64;
  static constexpr double kAnyKey = -std::numeric_limits<double>::infinity();

  static bool better(const Entry& a, const Entry& b) {
    return a.key != b.key ? a.key > b.key : a.index < b.index;
  }

  void shrink() {
    if (capacity_ == 0) {
      entries_.clear();
      return;
    }
    if (entries_.size() >= kBins) {
      shrink_to_bin();
    } else {
      tied_.swap(entries_);
      entries_.clear();
    }
    const auto last = tied_.begin() + static_cast<std::ptrdiff_t>(capacity_ - entries_.size() - 1);
    std::nth_element(tied_.begin(), last, tied_.end(), better);
    entries_.insert(entries_.end(), tied_.begin(), last + 1);
    cutoff_ = *last;
    has_cutoff_ = true;
  }

  /// Moves the bin in which the last place falls to tied_, and drops those below.
  void shrink_to_bin() {
    std::array<uint32_t, kBins> counts{};
    for (const Entry& entry : entries_) ++counts[bin_of(entry.key)];
    size_t last_bin = kBins - 1;
    size_t num_better = 0;
    while (num_better + counts[last_bin] < capacity_) num_better += counts[last_bin--];
    tied_.clear();
    size_t kept = 0;
    for (const Entry& entry : entries_) {
      const size_t bin = bin_of(entry.key);
      if (bin == last_bin) tied_.push_back(entry);
      entries_[kept] = entry;
      kept += bin > last_bin;
    }
    entries_.resize(num_better);
  }

  /// Keys are differences of probabilities, or probabilities: bins of equal width between -1 and
  /// 1. What lies beyond belongs to the outer ones.
  static size_t bin_of(double key) {
    return static_cast<size_t>(std::clamp((key + 1) * (kBins / 2), 0.0, kBins - 1.0));
  }

  static constexpr size_t kBins = 1024;

  size_t capacity_;
  std::vector<Entry> entries_;
  std::vector<Entry> tied_;  // those among which shrink() has to choose
  Entry cutoff_;
  bool has_cutoff_ = false;
};

}  // namespace labelsieve
