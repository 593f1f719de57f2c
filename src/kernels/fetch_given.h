// Probabilities of given labels, asked for before they are looked up.
#pragma once

#include <algorithm>
#include <cstdint>

#include "kernels/for_each_tile.h"

namespace labelsieve {

/// For a loop over the rows of a tile that reads one number of each: every one is a cache miss of
/// its own, a dozen of which can be under way at once. Short rows are fetched as far ahead as a
/// page, where the processor's own fetching begins anew.
template <class T>
class GivenAhead {
 public:
  explicit GivenAhead(const Tile<T>& tile)
      : tile_(tile),
        distance_(
            std::max<int64_t>(16, 4096 / (tile.rows.columns * static_cast<int64_t>(sizeof(T))))) {
    for (int64_t i = 0; i < std::min(distance_, tile.rows.count); ++i) fetch(i);
  }

  /// To be called for every row, in their order.
  void at(int64_t i) const {
    if (i + distance_ < tile_.rows.count) fetch(i + distance_);
  }

 private:
  void fetch(int64_t i) const {
    __builtin_prefetch(tile_.rows.row(i) + std::max(tile_.labels[i], 0));
  }

  const Tile<T>& tile_;
  int64_t distance_;
};

}  // namespace labelsieve
