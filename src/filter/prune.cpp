#include "filter/prune.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "filter/counted_margins.h"
#include "filter/for_each_by_class.h"
#include "filter/row_gaps.h"
#include "filter/top_selection.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// The selections of one given class, one for each class that some of it truly are of.
struct ClassSelections {
  std::vector<int32_t> truths;
  std::vector<double> lowest;  // margins below are of no use, next to the truths for speed
  std::vector<TopSelection> selections;

  /// Asks for what the others look at: long rows are not in the cache, and their lines can come
  /// side by side.
  template <class T>
  void fetch(const T* row, int64_t given) const {
    __builtin_prefetch(row + given);
    for (const int32_t truth : truths) __builtin_prefetch(row + truth);
  }

  /// Wants margins that are as large as those of this row.
  template <class T>
  void lower_to(const T* row, int64_t given) {
    const Wide<T> own = widen(row[given]);
    for (size_t p = 0; p < truths.size(); ++p) {
      lowest[p] = std::min(lowest[p], static_cast<double>(widen(row[truths[p]]) - own));
    }
  }

  /// Offers the margins of a row that are above the lowest, and above or not above kLargeMargin.
  template <bool kLarge, class T>
  void push(const T* row, int64_t given, int64_t index) {
    constexpr size_t kAtOnce = 64;
    const Wide<T> own = widen(row[given]);
    for (size_t first = 0; first < truths.size(); first += kAtOnce) {
      const size_t last = std::min(first + kAtOnce, truths.size());
      // All comparisons before the first of the few that lead to something.
      uint64_t wanted = 0;
      for (size_t p = first; p < last; ++p) {
        const auto margin = static_cast<double>(widen(row[truths[p]]) - own);
        const bool is_wanted = (margin >= lowest[p]) & (kLarge | (margin <= kLargeMargin));
        wanted |= static_cast<uint64_t>(is_wanted) << (p - first);
      }
      for (; wanted != 0; wanted &= wanted - 1) {
        const size_t p = first + static_cast<size_t>(std::countr_zero(wanted));
        selections[p].push(static_cast<double>(widen(row[truths[p]]) - own), index);
        lowest[p] = std::max(lowest[p], selections[p].lowest_key());
      }
    }
  }
};

/// The fetch() of each class.
struct FetchMargins {
  const std::vector<ClassSelections>& pairs;

  template <class T>
  void operator()(int64_t given, const T* row) const {
    pairs[static_cast<size_t>(given)].fetch(row, given);
  }
};

/// Examples that have all of some flags and none of others.
struct WithFlags {
  std::span<const uint8_t> flags;
  uint8_t had;
  uint8_t lacked = 0;

  bool operator()(int64_t index, int32_t) const { return (flags[index] & (had | lacked)) == had; }
};

using Pairs = std::vector<ClassSelections>;

/// Classes with a single example, or no more than the minimum, stay whole.
bool may_prune(const PruneInput& input, int64_t given) {
  const int64_t count = input.label_counts[static_cast<size_t>(given)];
  return count > 1 && count > input.min_examples_per_class;
}

Pairs selections_per_pair(const PruneInput& input) {
  Pairs pairs(static_cast<size_t>(input.counts.size));
  for (int64_t given = 0; given < input.counts.size; ++given) {
    if (!may_prune(input, given)) continue;
    const auto columns = input.counts.row_columns(given);
    const auto counts = input.counts.row_values(given);
    for (size_t e = 0; e < columns.size(); ++e) {
      if (columns[e] == given || counts[e] <= 0) continue;
      pairs[given].truths.push_back(columns[e]);
      pairs[given].lowest.push_back(std::nextafter(kLargeMargin, 1.0));
      // No more than the class has; a given joint may ask for any number.
      pairs[given].selections.emplace_back(std::min(counts[e], input.label_counts[given]));
    }
  }
  return pairs;
}

/// Marks the selected examples that disagree with their label.
void mark(TopSelection& selection, uint8_t bit, std::span<uint8_t> flags) {
  for (const TopSelection::Entry& entry : selection.entries()) {
    if ((flags[entry.index] & kDisagrees) != 0) flags[entry.index] |= bit;
  }
}

/// Marks what the selections of a class chose so far; returns those with places left, which want no
/// margins yet.
ClassSelections mark_and_take_unfilled(ClassSelections& pair, uint8_t bit,
                                       std::span<uint8_t> flags) {
  ClassSelections unfilled;
  for (size_t p = 0; p < pair.selections.size(); ++p) {
    mark(pair.selections[p], bit, flags);
    if (pair.selections[p].full()) continue;
    unfilled.truths.push_back(pair.truths[p]);
    unfilled.lowest.push_back(std::numeric_limits<double>::infinity());
    unfilled.selections.push_back(std::move(pair.selections[p]));
  }
  return unfilled;
}

/// Calls f(selections of the given class, row, given, index) for the rows with these flags whose
/// class still wants some.
template <class F>
void for_each_with(const PruneInput& input, const WithFlags& wanted, Pairs& pairs, const F& f) {
  const auto is_wanted = [&](int64_t index, int32_t given) {
    return wanted(index, given) && !pairs[given].truths.empty();
  };
  for_each_by_class(
      input.source, input.execution, "margins", is_wanted, FetchMargins{pairs},
      [&](int64_t given, const auto* row, int64_t index) { f(pairs[given], row, given, index); });
}

/// Marks the rows that large margins choose, but for those in the selections, which are left with
/// as many places as are not taken.
void choose_counted(const PruneInput& input, const LargeMargins& margins, uint8_t bit,
                    std::span<uint8_t> flags, Pairs& pairs) {
  CountedMargins counted(margins);
  const int64_t classes = input.counts.size;
  parallel_for(classes, input.execution, {"places", 0, classes, 1}, [&](int64_t given, int) {
    ClassSelections& pair = pairs[given];
    for (size_t p = 0; p < pair.truths.size(); ++p) {
      pair.selections[p] =
          TopSelection(counted.give_places(given, pair.truths[p], pair.selections[p].capacity()));
    }
  });
  counted.mark_chosen(input.execution, bit, flags);
  parallel_for(classes, input.execution, {"offers", 0, classes, 1}, [&](int64_t given, int) {
    ClassSelections& pair = pairs[given];
    counted.take_offers(given, [&pair](int32_t truth, double margin, int64_t index) {
      const auto p = std::lower_bound(pair.truths.begin(), pair.truths.end(), truth);
      pair.selections[p - pair.truths.begin()].push(margin, index);
    });
  });
}

/// Offers all large margins, or marks what they choose at once.
void take_large_margins(const PruneInput& input, const LargeMargins& margins, uint8_t bit,
                        std::span<uint8_t> flags, Pairs& pairs) {
  if (margins.complete()) {
    choose_counted(input, margins, bit, flags, pairs);
    return;
  }
  for_each_with(input, {flags, kDisagrees}, pairs,
                [](ClassSelections& pair, const auto* row, int64_t given, int64_t index) {
                  pair.push<true>(row, given, index);
                });
}

/// Only rows that disagree and are not marked yet have something to win. Margins below the least of
/// theirs decide nothing, and neither does a class without such rows.
void want_margins_of_unmarked(const PruneInput& input, uint8_t bit, std::span<const uint8_t> flags,
                              Pairs& pairs) {
  for_each_with(input, {flags, kDisagrees, bit}, pairs,
                [](ClassSelections& pair, const auto* row, int64_t given, int64_t) {
                  pair.lower_to(row, given);
                });
  for (ClassSelections& pair : pairs) {
    if (!pair.truths.empty() && std::isinf(pair.lowest.front())) pair = {};
  }
}

/// Offers the smaller margins of the rows that disagree.
void push_small_margins(const PruneInput& input, std::span<const uint8_t> flags, Pairs& pairs) {
  for_each_with(input, {flags, kDisagrees}, pairs,
                [](ClassSelections& pair, const auto* row, int64_t given, int64_t index) {
                  pair.push<false>(row, given, index);
                });
}

/// The largest gap_code of a row that agrees with its label and may have a margin that the class
/// still wants; below 0 where it wants none.
int16_t widest_gap(ClassSelections& pair) {
  if (pair.truths.empty()) return -1;
  double lowest = kLargeMargin;
  for (size_t p = 0; p < pair.selections.size(); ++p) {
    (void)pair.selections[p].entries();  // brings the lowest key up to date
    lowest = std::min(lowest, std::max(pair.lowest[p], pair.selections[p].lowest_key()));
  }
  int16_t gap = 255;
  while (gap > 0 && most_margin(gap) < lowest) --gap;
  return gap;
}

/// Offers the margins of the rows that agree with their label. What the others left of places goes
/// to rows whose second class is near the first: few, so that most are not looked at.
void push_agreeing_rows(const PruneInput& input, std::span<const uint8_t> flags, Pairs& pairs) {
  std::vector<int16_t> widest;
  widest.reserve(pairs.size());
  for (ClassSelections& pair : pairs) widest.push_back(widest_gap(pair));
  const std::vector<uint8_t> gaps =
      row_gaps(input.summaries, static_cast<int64_t>(flags.size()), input.execution);
  const WithFlags agrees{flags, kCounted, kDisagrees};
  const auto is_near = [&](int64_t index, int32_t given) {
    return agrees(index, given) && gaps[index] <= widest[given];
  };
  for_each_by_class(input.source, input.execution, "margins", is_near, FetchMargins{pairs},
                    [&](int64_t given, const auto* row, int64_t index) {
                      pairs[given].template push<false>(row, given, index);
                    });
}

}  // namespace

void prune_by_noise_rate(const PruneInput& input, const LargeMargins& margins, uint8_t bit,
                         std::span<uint8_t> flags) {
  // An example whose label is its row's maximum has no large margin and is never flagged. So the
  // large margins come first; nearly always they fill every selection.
  Pairs pairs = selections_per_pair(input);
  take_large_margins(input, margins, bit, flags, pairs);

  // Selections with places left go on to the smaller margins of all examples: those that agree
  // with their label take places too.
  Pairs unfilled(pairs.size());
  parallel_for(input.counts.size, input.execution, {"selection", 0, input.counts.size, 1},
               [&](int64_t given, int) {
                 unfilled[given] = mark_and_take_unfilled(pairs[given], bit, flags);
               });
  pairs.swap(unfilled);
  const auto any_unfilled = [&pairs] {
    return std::any_of(pairs.begin(), pairs.end(),
                       [](const ClassSelections& pair) { return !pair.truths.empty(); });
  };
  if (!any_unfilled()) return;
  want_margins_of_unmarked(input, bit, flags, pairs);
  if (!any_unfilled()) return;
  push_small_margins(input, flags, pairs);
  push_agreeing_rows(input, flags, pairs);
  for (ClassSelections& pair : pairs) {
    for (TopSelection& selection : pair.selections) mark(selection, bit, flags);
  }
}

void prune_by_class(const PruneInput& input, uint8_t bit, std::span<uint8_t> flags) {
  std::vector<TopSelection> classes(static_cast<size_t>(input.counts.size));
  for (int64_t given = 0; given < input.counts.size; ++given) {
    if (!may_prune(input, given)) continue;
    const int64_t count = input.label_counts[given];
    const int64_t prune = count - input.counts.at(given, given);
    classes[given] = TopSelection(std::clamp<int64_t>(prune, 0, count));
  }
  for_each_by_class(
      input.source, input.execution, "self-confidence", WithFlags{flags, kCounted},
      [](int64_t given, const auto* row) { __builtin_prefetch(row + given); },
      [&](int64_t given, const auto* row, int64_t index) {
        classes[given].push(-static_cast<double>(widen(row[given])), index);
      });
  for (TopSelection& selection : classes) mark(selection, bit, flags);
}

}  // namespace labelsieve
