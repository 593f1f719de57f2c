#include "filter/prune.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <utility>
#include <vector>

#include "base/parallel.h"
#include "filter/for_each_by_class.h"
#include "filter/top_selection.h"
#include "kernels/bounds.h"
#include "kernels/margin_kernel.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// Margins above it exist only in rows that disagree with their label.
constexpr double kLargeMargin = 2 * kProbabilityTolerance;

/// The selections of one given class, one for each class that some of it truly are of.
struct ClassSelections {
  std::vector<int32_t> truths;
  std::vector<double> lowest;  // margins below are of no use, next to the truths for speed
  std::vector<TopSelection> selections;
  std::array<uint8_t, kMaxMarginColumns> place_of = {};  // of a truth among them, if that small

  /// Offers the large margins of some contiguous rows of kMaxMarginColumns at most.
  template <class W>
  void push_rows(const W* rows, const int64_t* indices, int64_t count, int64_t columns,
                 int64_t given) {
    constexpr int64_t kAtOnce = 256;
    W limits[kMaxMarginColumns];
    std::array<uint64_t, kAtOnce> wanted;
    for (int64_t first = 0; first < count; first += kAtOnce) {
      std::fill(std::begin(limits), std::end(limits), std::numeric_limits<W>::infinity());
      for (size_t p = 0; p < truths.size(); ++p) limits[truths[p]] = round_up<W>(lowest[p]);
      const int64_t some = std::min(kAtOnce, count - first);
      find_large_margins(rows + first * columns, some, columns, given, limits, wanted.data());
      for (int64_t i = first; i < first + some; ++i) {
        const W* row = rows + i * columns;
        for (uint64_t bits = wanted[i - first]; bits != 0; bits &= bits - 1) {
          const int truth = std::countr_zero(bits);
          const size_t p = place_of[truth];
          selections[p].push(static_cast<double>(row[truth] - row[given]), indices[i]);
          lowest[p] = std::max(lowest[p], selections[p].lowest_key());
        }
      }
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
      if (columns[e] < kMaxMarginColumns) {
        pairs[given].place_of[columns[e]] = static_cast<uint8_t>(pairs[given].truths.size());
      }
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

/// Marks what the selections of a class chose so far; returns those with places left, ready for
/// margins of any size.
ClassSelections mark_and_take_unfilled(ClassSelections& pair, uint8_t bit,
                                       std::span<uint8_t> flags) {
  ClassSelections unfilled;
  for (size_t p = 0; p < pair.selections.size(); ++p) {
    mark(pair.selections[p], bit, flags);
    if (pair.selections[p].full()) continue;
    unfilled.truths.push_back(pair.truths[p]);
    unfilled.lowest.push_back(-std::numeric_limits<double>::infinity());
    unfilled.selections.push_back(std::move(pair.selections[p]));
  }
  return unfilled;
}

void push_kept_rows(const DisagreeingRows& disagreeing, int64_t given, int64_t columns,
                    ClassSelections& pair) {
  if (pair.truths.empty()) return;
  disagreeing.for_each(given, [&](const auto* rows, const int64_t* indices, int64_t count) {
    if (columns <= kMaxMarginColumns) {
      pair.push_rows(rows, indices, count, columns, given);
      return;
    }
    for (int64_t i = 0; i < count; ++i) {
      pair.push<true>(rows + i * columns, given, indices[i]);
    }
  });
}

/// Offers all large margins: of the rows that were kept or, where they were not, of those in the
/// source.
void push_large_margins(const PruneInput& input, const DisagreeingRows& disagreeing,
                        std::span<const uint8_t> flags, Pairs& pairs) {
  if (disagreeing.complete()) {
    parallel_for(input.counts.size, input.execution, {"margins", 0, input.counts.size, 1},
                 [&](int64_t given, int) {
                   push_kept_rows(disagreeing, given, input.counts.size, pairs[given]);
                 });
    return;
  }
  for_each_by_class(input.source, input.execution, "margins", flags, kDisagrees, kDisagrees,
                    [&](int64_t given, const auto* row, int64_t index) {
                      pairs[given].template push<true>(row, given, index);
                    });
}

}  // namespace

void prune_by_noise_rate(const PruneInput& input, const DisagreeingRows& disagreeing, uint8_t bit,
                         std::span<uint8_t> flags) {
  // An example whose label is its row's maximum has no large margin and is never flagged. So the
  // large margins come first; nearly always they fill every selection.
  Pairs pairs = selections_per_pair(input);
  push_large_margins(input, disagreeing, flags, pairs);

  // Selections with places left go on to the smaller margins of all examples: those that agree
  // with their label take places too.
  Pairs unfilled(pairs.size());
  parallel_for(input.counts.size, input.execution, {"selection", 0, input.counts.size, 1},
               [&](int64_t given, int) {
                 // An example has one given class: no two pieces mark the same.
                 unfilled[given] = mark_and_take_unfilled(pairs[given], bit, flags);
               });
  pairs.swap(unfilled);
  const bool any_unfilled = std::any_of(
      pairs.begin(), pairs.end(), [](const ClassSelections& pair) { return !pair.truths.empty(); });
  if (!any_unfilled) return;
  for_each_by_class(input.source, input.execution, "margins", flags, kCounted, kCounted,
                    [&](int64_t given, const auto* row, int64_t index) {
                      pairs[given].template push<false>(row, given, index);
                    });
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
  for_each_by_class(input.source, input.execution, "self-confidence", flags, kCounted, kCounted,
                    [&](int64_t given, const auto* row, int64_t index) {
                      classes[given].push(-static_cast<double>(widen(row[given])), index);
                    });
  for (TopSelection& selection : classes) mark(selection, bit, flags);
}

}  // namespace labelsieve
