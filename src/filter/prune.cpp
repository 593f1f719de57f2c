#include "filter/prune.h"

#include <algorithm>
#include <vector>

#include "filter/for_each_by_class.h"
#include "filter/top_selection.h"
#include "kernels/bounds.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// The examples of class `given` that are truly of class `truth`.
struct PairSelection {
  int32_t truth = 0;
  TopSelection selection;
};

/// Classes with a single example, or no more than the minimum, stay whole.
bool may_prune(const PruneInput& input, int64_t given) {
  const int64_t count = input.label_counts[static_cast<size_t>(given)];
  return count > 1 && count > input.min_examples_per_class;
}

std::vector<std::vector<PairSelection>> selections_per_pair(const PruneInput& input) {
  std::vector<std::vector<PairSelection>> pairs(static_cast<size_t>(input.counts.size));
  for (int64_t given = 0; given < input.counts.size; ++given) {
    if (!may_prune(input, given)) continue;
    const auto columns = input.counts.row_columns(given);
    const auto counts = input.counts.row_values(given);
    for (size_t e = 0; e < columns.size(); ++e) {
      if (columns[e] == given || counts[e] <= 0) continue;
      // No more than the class has; a given joint may ask for any number.
      const int64_t capacity = std::min(counts[e], input.label_counts[given]);
      pairs[given].push_back({columns[e], TopSelection(capacity)});
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

}  // namespace

void prune_by_noise_rate(const PruneInput& input, uint8_t bit, std::span<uint8_t> flags) {
  // An example whose label is its row's maximum has no margin above the tolerance and is never
  // flagged. So the larger margins, of examples that disagree, come first; nearly always they fill
  // every selection, and only the rows that disagree are looked at again.
  constexpr double kLargeMargin = 2 * kProbabilityTolerance;
  auto pairs = selections_per_pair(input);
  for_each_by_class(input.source, input.execution, "margins", flags, kDisagrees, kDisagrees,
                    [&](int64_t given, const auto* row, int64_t index) {
                      const auto own = widen(row[given]);
                      for (PairSelection& pair : pairs[given]) {
                        const auto margin = static_cast<double>(widen(row[pair.truth]) - own);
                        if (margin > kLargeMargin) pair.selection.push(margin, index);
                      }
                    });

  // Selections with places left go on to the smaller margins of all examples: those that agree
  // with their label take places too.
  bool any_unfilled = false;
  for (auto& selections : pairs) {
    std::erase_if(selections, [&](PairSelection& pair) {
      if (!pair.selection.full()) return false;
      mark(pair.selection, bit, flags);
      return true;
    });
    any_unfilled = any_unfilled || !selections.empty();
  }
  if (!any_unfilled) return;
  for_each_by_class(input.source, input.execution, "margins", flags, kCounted, kCounted,
                    [&](int64_t given, const auto* row, int64_t index) {
                      const auto own = widen(row[given]);
                      for (PairSelection& pair : pairs[given]) {
                        const auto margin = static_cast<double>(widen(row[pair.truth]) - own);
                        if (margin <= kLargeMargin) pair.selection.push(margin, index);
                      }
                    });
  for (auto& selections : pairs) {
    for (PairSelection& pair : selections) mark(pair.selection, bit, flags);
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
