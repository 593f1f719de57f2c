// The rows that disagree with their label, kept while they are at hand.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <memory_resource>
#include <span>
#include <type_traits>
#include <vector>

#include "base/huge_pages.h"
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
  void start_block(const MatrixView& matrix, int workers) {
    const FloatType type = matrix.type;
    // The two element types that rows are widened to are not mixed.
    if (!workers_.empty() && (type == FloatType::kFloat64) != is_double_) complete_ = false;
    is_double_ = type == FloatType::kFloat64;
    if (!complete_) return;
    // Half of its share is enough for most data, and a worker that needs more gets it. Pieces that
    // are smaller than what was freed before are taken from memory that the allocator kept, which
    // does not have to be cleared again.
    const int64_t first_bytes = matrix.rows * kBytesPerRow / (2 * workers) + kPageBytes;
    while (workers_.size() < static_cast<size_t>(workers)) {
      workers_.emplace_back(num_classes_, first_bytes);
    }
  }

  /// Adds the rows of a tile that disagree, those at `positions`. Workers do not disturb each
  /// other.
  template <class T>
  void add(const Tile<T>& tile, std::span<const uint32_t> positions, int64_t first_row) {
    if (!complete_) return;
    Worker& worker = workers_[static_cast<size_t>(tile.worker)];
    worker.num_seen += tile.rows.count;
    if (worker.overflowed) return;
    worker.num_kept += static_cast<int64_t>(positions.size());
    const int64_t row_bytes = num_classes_ * static_cast<int64_t>(sizeof(Wide<T>)) +
                              static_cast<int64_t>(sizeof(int64_t));
    worker.overflowed = worker.num_kept * row_bytes > worker.num_seen * kBytesPerRow + kSlackBytes;
    if (worker.overflowed) return;
    for (const uint32_t i : positions) {
      const T* row = tile.rows.row(i);
      Wide<T>* copy = worker.by_given[static_cast<size_t>(tile.labels[i])].append<Wide<T>>(
          num_classes_, first_row + tile.first + i, *worker.memory);
      copy_row(row, num_classes_, copy);
    }
  }

  /// To be called after the tiles of a block.
  void finish_block() {
    for (const Worker& worker : workers_) complete_ = complete_ && !worker.overflowed;
    if (!complete_) std::vector<Worker>().swap(workers_);
  }

  /// Calls f(std::type_identity<W>) for the type W that the rows were widened to.
  template <class F>
  void visit_type(const F& f) const {
    if (is_double_) {
      f(std::type_identity<double>{});
    } else {
      f(std::type_identity<float>{});
    }
  }

  /// Calls f(rows, indices, count) with the probabilities of all kept rows of a given class, some
  /// contiguous rows at a time. W must be what they were widened to.
  template <class W, class F>
  void for_each(int64_t given, const F& f) const {
    for (const Worker& worker : workers_) {
      worker.by_given[static_cast<size_t>(given)].template for_each<W>(num_classes_, f);
    }
  }

 private:
  template <class T>
  static void copy_row(const T* row, int64_t columns, Wide<T>* out) {
    constexpr auto kStep = static_cast<int64_t>(16 / sizeof(T));
    if constexpr (std::is_same_v<T, Wide<T>>) {
      if (columns >= kStep) {
        for (int64_t k = 0; k + kStep <= columns; k += kStep) std::memcpy(out + k, row + k, 16);
        // The last columns again rather than fewer than a step of them.
        std::memcpy(out + columns - kStep, row + columns - kStep, 16);
        return;
      }
    }
    for (int64_t k = 0; k < columns; ++k) out[k] = widen(row[k]);
  }

  static constexpr int64_t kBytesPerRow = 14;
  static constexpr int64_t kSlackBytes = int64_t{1} << 18;
  static constexpr int64_t kPageBytes = 4096;

  /// The kept rows of one given class with their indices, in pages that stay where they are.
  class ClassRows {
   public:
    /// Room for a row's elements.
    template <class W>
    W* append(int64_t columns, int64_t index, std::pmr::memory_resource& memory) {
      const int64_t row_bytes = columns * static_cast<int64_t>(sizeof(W));
      if (room_ == 0) {
        room_ = rows_per_page(row_bytes);
        const auto bytes = static_cast<size_t>(room_ * (row_bytes + kIndexBytes));
        pages_.push_back(static_cast<std::byte*>(memory.allocate(bytes, alignof(int64_t))));
        next_index_ = indices_of(pages_.back());
        next_row_ = reinterpret_cast<std::byte*>(rows_of<W>(pages_.back(), room_));
      }
      --room_;
      ++size_;
      *next_index_++ = index;
      W* row = reinterpret_cast<W*>(next_row_);
      next_row_ += row_bytes;
      // The class's next row comes after many others; then the memory for it is at hand.
      __builtin_prefetch(next_row_ + row_bytes, 1);
      return row;
    }

    template <class W, class F>
    void for_each(int64_t columns, const F& f) const {
      const int64_t row_bytes = columns * static_cast<int64_t>(sizeof(W));
      const int64_t per_page = rows_per_page(row_bytes);
      const int64_t page_bytes = std::min(kPageBytes, per_page * (row_bytes + kIndexBytes));
      for (int64_t first = 0; first < size_; first += per_page) {
        const auto p = static_cast<size_t>(first / per_page);
        std::byte* page = pages_[p];
        // Where the next page is, the processor cannot guess.
        if (p + 1 < pages_.size()) {
          for (int64_t at = 0; at < page_bytes; at += 64) __builtin_prefetch(pages_[p + 1] + at);
        }
        const W* rows = rows_of<W>(page, per_page);
        f(rows, static_cast<const int64_t*>(indices_of(page)), std::min(per_page, size_ - first));
      }
    }

   private:
    static constexpr auto kIndexBytes = static_cast<int64_t>(sizeof(int64_t));

    static int64_t rows_per_page(int64_t row_bytes) {
      return std::max<int64_t>(1, kPageBytes / (row_bytes + kIndexBytes));
    }

    // A page begins with the indices of its rows.
    static int64_t* indices_of(std::byte* page) { return reinterpret_cast<int64_t*>(page); }
    template <class W>
    static W* rows_of(std::byte* page, int64_t per_page) {
      return reinterpret_cast<W*>(page + per_page * kIndexBytes);
    }

    std::vector<std::byte*> pages_;  // the worker's memory
    int64_t size_ = 0;
    // In the last page:
    int64_t room_ = 0;
    int64_t* next_index_ = nullptr;
    std::byte* next_row_ = nullptr;
  };

  struct Worker {
    Worker(int64_t num_classes, int64_t first_bytes)
        : by_given(static_cast<size_t>(num_classes)),
          memory(std::make_unique<std::pmr::monotonic_buffer_resource>(
              static_cast<size_t>(first_bytes), huge_page_resource())) {}

    std::vector<ClassRows> by_given;
    // Few large pieces, which cost nothing before they are written to and can be huge pages then.
    // On the heap, because it must stay where it is.
    std::unique_ptr<std::pmr::monotonic_buffer_resource> memory;
    int64_t num_seen = 0;
    int64_t num_kept = 0;
    bool overflowed = false;
  };

  int64_t num_classes_;
  bool is_double_ = false;
  bool complete_ = true;
  std::vector<Worker> workers_;
};

}  // namespace labelsieve
