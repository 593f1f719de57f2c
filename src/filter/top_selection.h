// The n best of a stream of examples.
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <vector>

namespace labelsieve {

/// Keeps the `capacity` examples with the largest keys, ties to the lower index. Any order of
/// push() gives the same selection. Memory: at most 1.5 · capacity entries and a few; amortised
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
    if (entries_.size() >= capacity_ + std::max<size_t>(capacity_ / 2, kSlack)) shrink();
  }

  /// The selection so far, in no particular order. Pushing may go on afterwards.
  const std::vector<Entry>& entries() {
    if (entries_.size() > capacity_) shrink();
    return entries_;
  }

  /// Keys below are not taken any more.
  double lowest_key() const { return has_cutoff_ ? cutoff_.key : kAnyKey; }

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
    const auto last = entries_.begin() + static_cast<std::ptrdiff_t>(capacity_ - 1);
    std::nth_element(entries_.begin(), last, entries_.end(), better);
    entries_.resize(capacity_);
    cutoff_ = entries_.back();
    has_cutoff_ = true;
  }

  size_t capacity_;
  std::vector<Entry> entries_;
  Entry cutoff_;
  bool has_cutoff_ = false;
};

}  // namespace labelsieve
