// The rows that disagree with their label, kept while they are at hand.
#pragma once

#include <algorithm>
#include <cstdint>
#include <type_traits>
#include <vector>

#include "kernels/for_each_tile.h"
#include "labelsieve/count.h"

namespace labelsieve {

/// Copies of all rows that disagree with their label, by worker and given class; or of none, when
/// they would take more than kBytesPerRow bytes for each example. With few classes, going back to
/// these rows is one more pass over all memory, which the copies save; with many classes they are
/// long, and a small part of what was read anyway.
class DisagreeingRows {
 public:
  explicit DisagreeingRows(int64_t num_classes) : num_classes_(num_classes) {}

  /// Whether all rows that disagree are here.
  bool complete() const { return complete_; }

  /// To be called before the tiles of a block, with the number of workers they are given to.
  void start_block(FloatType type, int workers) {
    // The two element types that rows are widened to are not mixed.
    if (!workers_.empty() && (type == FloatType::kFloat64) != is_double_) complete_ = false;
    is_double_ = type == FloatType::kFloat64;
    if (!complete_) return;
    workers_.resize(std::max(workers_.size(), static_cast<size_t>(workers)));
    for (Worker& worker : workers_) worker.by_given.resize(static_cast<size_t>(num_classes_));
  }

  /// Adds the rows of a tile that disagree; `flags` has RowFlags for each. Workers do not disturb
  /// each other.
  template <class T>
  void add(const Tile<T>& tile, const uint8_t* flags, int64_t first_row) {
    if (!complete_) return;
    Worker& worker = workers_[static_cast<size_t>(tile.worker)];
    worker.num_seen += tile.rows.count;
    if (worker.overflowed) return;
    std::vector<Wide<T>>& elements = worker.elements<Wide<T>>();
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      if ((flags[i] & kDisagrees) == 0) continue;
      const T* row = tile.rows.row(i);
      worker.by_given[static_cast<size_t>(tile.labels[i])].push_back(
          static_cast<uint32_t>(worker.indices.size()));
      worker.indices.push_back(first_row + tile.first + i);
      const size_t start = elements.size();
      elements.resize(start + static_cast<size_t>(num_classes_));
      for (int64_t k = 0; k < num_classes_; ++k) elements[start + k] = widen(row[k]);
    }
    const auto kept = static_cast<int64_t>(worker.indices.size());
    const int64_t bytes = kept * (num_classes_ * static_cast<int64_t>(sizeof(Wide<T>)) + 12);
    worker.overflowed = bytes > worker.num_seen * kBytesPerRow + kSlackBytes || kept > kMaxKept;
  }

  /// To be called after the tiles of a block.
  void finish_block() {
    for (const Worker& worker : workers_) complete_ = complete_ && !worker.overflowed;
    if (!complete_) std::vector<Worker>().swap(workers_);
  }

  /// Calls f(row, index) with the widened probabilities of every kept row of a given class.
  template <class F>
  void for_each(int64_t given, const F& f) const {
    for (const Worker& worker : workers_) {
      for (const uint32_t position : worker.by_given[static_cast<size_t>(given)]) {
        const auto start = static_cast<int64_t>(position) * num_classes_;
        if (is_double_) {
          f(worker.doubles.data() + start, worker.indices[position]);
        } else {
          f(worker.floats.data() + start, worker.indices[position]);
        }
      }
    }
  }

 private:
  static constexpr int64_t kBytesPerRow = 12;
  static constexpr int64_t kSlackBytes = int64_t{1} << 18;
  static constexpr int64_t kMaxKept = int64_t{1} << 31;

  struct Worker {
    template <class W>
    std::vector<W>& elements() {
      if constexpr (std::is_same_v<W, double>) {
        return doubles;
      } else {
        return floats;
      }
    }

    std::vector<float> floats;  // rows one after another, in the type they are widened to
    std::vector<double> doubles;
    std::vector<int64_t> indices;                 // in the dataset
    std::vector<std::vector<uint32_t>> by_given;  // positions of rows
    int64_t num_seen = 0;
    bool overflowed = false;
  };

  int64_t num_classes_;
  bool is_double_ = false;
  bool complete_ = true;
  std::vector<Worker> workers_;
};

}  // namespace labelsieve
