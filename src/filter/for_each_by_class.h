// Visits examples class by class, so that what is kept per class needs no copy per thread.
#pragma once

#include <cstdint>
#include <mutex>
#include <span>
#include <string_view>
#include <vector>

#include "kernels/for_each_tile.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// The rows of a tile that are wanted, those of one class next to each other.
class TileGroups {
 public:
  /// Rows i of the tile with is_wanted(i, labels[i]).
  template <class IsWanted>
  void group(const int32_t* labels, int64_t rows, int64_t num_classes, const IsWanted& is_wanted) {
    rows_.resize(static_cast<size_t>(rows));
    size_t num_wanted = 0;
    for (int64_t i = 0; i < rows; ++i) {
      rows_[num_wanted] = static_cast<uint32_t>(i);
      num_wanted += is_wanted(i, labels[i]) ? 1 : 0;
    }
    rows_.resize(num_wanted);
    // With more classes than rows there is next to nothing to bring together.
    if (num_classes > rows) return;
    starts_.assign(static_cast<size_t>(num_classes) + 1, 0);
    for (const uint32_t row : rows_) ++starts_[static_cast<size_t>(labels[row]) + 1];
    for (size_t k = 1; k < starts_.size(); ++k) starts_[k] += starts_[k - 1];
    sorted_.resize(rows_.size());
    for (const uint32_t row : rows_) sorted_[starts_[static_cast<size_t>(labels[row])]++] = row;
    rows_.swap(sorted_);
  }

  std::span<const uint32_t> rows() const { return rows_; }

 private:
  std::vector<uint32_t> rows_;
  std::vector<uint32_t> sorted_;
  std::vector<uint32_t> starts_;
};

/// Passes over the examples with is_wanted(index, given) and calls f(given, row, index) with a
/// pointer to their probabilities; some time before fetch(given, row), which may ask for what f
/// will look at. Calls of f for one class never overlap in time; their order is not defined.
/// `given` is kIgnored for ignored examples. Cost: the labels, and of the rows the wanted ones
/// only, in the order of memory.
template <class IsWanted, class Fetch, class F>
void for_each_by_class(Source& source, const Execution& execution, std::string_view stage,
                       const IsWanted& is_wanted, const Fetch& fetch, const F& f) {
  constexpr int64_t kMaxLocks = 1024;
  std::vector<std::mutex> locks(static_cast<size_t>(std::min(source.num_classes(), kMaxLocks)));
  source.reset();
  for (Block block; source.next(block);) {
    std::vector<TileGroups> groups(static_cast<size_t>(tile_workers(block, execution)));
    const auto visit_tile = [&](const auto& tile) {
      TileGroups& group = groups[static_cast<size_t>(tile.worker)];
      const int64_t first_row = block.first_row + tile.first;
      group.group(tile.labels, tile.rows.count, tile.rows.columns,
                  [&](int64_t row, int32_t given) { return is_wanted(first_row + row, given); });
      const std::span<const uint32_t> rows = group.rows();
      for (const uint32_t row : rows) fetch(tile.labels[row], tile.rows.row(row));
      // Each worker starts at another class, so that they seldom wait for each other.
      const size_t start = rows.size() * static_cast<size_t>(tile.worker) / groups.size();
      const auto visit_rows = [&](size_t next, size_t end) {
        while (next < end) {
          const int32_t given = tile.labels[rows[next]];
          const std::lock_guard lock(locks[static_cast<size_t>(given) % locks.size()]);
          for (; next < end && tile.labels[rows[next]] == given; ++next) {
            f(given, tile.rows.row(rows[next]), first_row + rows[next]);
          }
        }
      };
      visit_rows(start, rows.size());
      visit_rows(0, start);
    };
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, execution, stage, source.num_rows(), visit_tile);
    });
  }
}

}  // namespace labelsieve
