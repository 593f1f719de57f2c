// The largest margins of kept rows, found by counting instead of by keeping candidates.
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include "kernels/margin_kernel.h"

namespace labelsieve {

/// For rows of one given class and each of some other classes, chooses the rows with the largest
/// margins of that class over the given one, ties to the lower index. The rows are passed twice:
/// the first time their margins are counted by intervals, which tells all that are chosen but those
/// of the interval in which the last place falls; these have to go through a selection.
/// W is float or double. Memory: kMarginIntervals numbers a column.
template <class W>
class CountedMargins {
 public:
  /// Rows have `columns` columns, at most kMaxMarginColumns, of which `truths` are the other
  /// classes. Margins below `lowest`, which is positive, are not looked at.
  CountedMargins(std::span<const int32_t> truths, int64_t given, int64_t columns, W lowest)
      : truths_(truths.begin(), truths.end()),
        given_(given),
        columns_(columns),
        counts_(static_cast<size_t>(columns * kMarginIntervals)) {
    limits_.fill(std::numeric_limits<W>::infinity());
    for (size_t t = 0; t < truths.size(); ++t) {
      limits_[static_cast<size_t>(truths[t])] = lowest;
      position_of_[static_cast<size_t>(truths[t])] = static_cast<uint8_t>(t);
    }
  }

  /// The first pass, over `count` contiguous rows.
  void count(const W* rows, int64_t count) {
    constexpr int64_t kAtOnce = 64;
    std::array<uint32_t, kAtOnce * kMaxMarginColumns + kMarginPadding> places;
    for (int64_t first = 0; first < count; first += kAtOnce) {
      const int64_t found =
          list_margin_intervals(rows + first * columns_, std::min(kAtOnce, count - first), columns_,
                                given_, limits_.data(), places.data());
      for (int64_t i = 0; i < found; ++i) ++counts_[places[static_cast<size_t>(i)]];
    }
  }

  /// Between the passes: gives the t-th of the truths so many places. Returns how many of them
  /// find_chosen() leaves to those that it offers.
  int64_t start_choosing(size_t t, int64_t places) {
    const auto truth = static_cast<size_t>(truths_[t]);
    const uint32_t* counts = counts_.data() + truth * kMarginIntervals;
    int64_t interval = kMarginIntervals;
    while (interval > 0 && places >= counts[interval - 1]) places -= counts[--interval];
    last_interval_[t] = interval - 1;
    if (interval > 1) limits_[truth] = static_cast<W>(interval - 1) / W{kMarginIntervals};
    return places;
  }

  /// The second pass: calls choose(row) for the rows that surely have one of the largest margins of
  /// some class, and offer(t, margin, row) for those that may have one of the t-th.
  template <class Choose, class Offer>
  void find_chosen(const W* rows, int64_t count, const Choose& choose, const Offer& offer) {
    constexpr int64_t kAtOnce = 256;
    std::array<uint64_t, kAtOnce> wanted;
    for (int64_t first = 0; first < count; first += kAtOnce) {
      const int64_t some = std::min(kAtOnce, count - first);
      find_large_margins(rows + first * columns_, some, columns_, given_, limits_.data(),
                         wanted.data());
      for (int64_t i = first; i < first + some; ++i) {
        const W* row = rows + i * columns_;
        for (uint64_t bits = wanted[static_cast<size_t>(i - first)]; bits != 0; bits &= bits - 1) {
          const auto truth = static_cast<size_t>(std::countr_zero(bits));
          const size_t t = position_of_[truth];
          const W margin = row[truth] - row[given_];
          if (margin_interval(margin) > last_interval_[t]) {
            choose(i);
          } else {
            offer(t, static_cast<double>(margin), i);
          }
        }
      }
    }
  }

 private:
  std::vector<int32_t> truths_;
  int64_t given_;
  int64_t columns_;
  std::vector<uint32_t> counts_;                               // by column, then by interval
  std::array<W, kMaxMarginColumns> limits_;                    // of a column
  std::array<uint8_t, kMaxMarginColumns> position_of_ = {};    // of a column among the truths
  std::array<int64_t, kMaxMarginColumns> last_interval_ = {};  // of a position; -1: all are chosen
};

}  // namespace labelsieve
