#include "filter/prune.h"

#include <algorithm>
#include <string_view>
#include <vector>

#include "base/parallel.h"
#include "filter/rows_by_label.h"
#include "filter/top_selection.h"
#include "kernels/bounds.h"
#include "kernels/row_tile.h"
#include "labelsieve/count.h"

namespace labelsieve {
namespace {

/// Rows that are fetched ahead: grouped rows are far apart in memory.
constexpr size_t kPrefetchDistance = 8;

/// The examples of class `given` that are truly of class `truth`.
struct PairSelection {
  int32_t truth = 0;
  bool wants_agreeing = false;
  TopSelection selection;
};

/// Calls f(row, index) with a pointer to the probabilities of each row of a group.
template <class T, class F>
void for_each_row(const Block& block, std::span<const uint32_t> group, const F& f) {
  if (RowTile<T>::in_place(block.pred_probs)) {
    RowTile<T> tile;
    const Rows<T> rows = tile.load(block.pred_probs, group);
    for (size_t i = 0; i < group.size(); ++i) {
      if (i + kPrefetchDistance < group.size()) {
        __builtin_prefetch(rows.row(static_cast<int64_t>(i + kPrefetchDistance)));
      }
      f(rows.row(static_cast<int64_t>(i)), block.first_row + group[i]);
    }
    return;
  }
  constexpr size_t kTileRows = 64;
  RowTile<T> tile;
  for (size_t first = 0; first < group.size(); first += kTileRows) {
    const auto part = group.subspan(first, std::min(kTileRows, group.size() - first));
    const Rows<T> rows = tile.load(block.pred_probs, part);
    for (size_t i = 0; i < part.size(); ++i) {
      f(rows.row(static_cast<int64_t>(i)), block.first_row + part[i]);
    }
  }
}

/// Passes over the examples whose flags match, class by class: calls
/// f(type_identity<T>, given, row, index). Each class is handled by one thread.
template <class F>
void for_each_by_class(const PruneInput& input, std::span<const uint8_t> flags, uint8_t wanted_mask,
                       uint8_t wanted, std::string_view stage, const F& f) {
  input.source.reset();
  for (Block whole; input.source.next(whole);) {
    for_each_slice(whole, [&](const Block& block) {
      const auto block_flags = flags.subspan(static_cast<size_t>(block.first_row),
                                             static_cast<size_t>(block.pred_probs.rows));
      const RowsByLabel groups =
          group_rows_by_label(block, block_flags, wanted_mask, wanted, input.execution);
      visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T> type) {
        parallel_for(input.counts.size, input.execution, {stage, 0, input.counts.size, 1},
                     [&](int64_t given, int) {
                       for_each_row<T>(
                           block, groups.group(given),
                           [&](const T* row, int64_t index) { f(type, given, row, index); });
                     });
      });
    });
  }
}

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
      pairs[given].push_back({columns[e], false, TopSelection(capacity)});
    }
  }
  return pairs;
}

}  // namespace

void prune_by_noise_rate(const PruneInput& input, uint8_t bit, std::span<uint8_t> flags) {
  auto pairs = selections_per_pair(input);
  const auto push = [&pairs]<class T>(bool only_wanted, int64_t given, const T* row,
                                      int64_t index) {
    const Wide<T> own = widen(row[given]);
    for (PairSelection& pair : pairs[given]) {
      if (only_wanted && !pair.wants_agreeing) continue;
      pair.selection.push(static_cast<double>(widen(row[pair.truth]) - own), index);
    }
  };
  for_each_by_class(
      input, flags, kDisagrees, kDisagrees, "margins",
      [&](auto, int64_t given, const auto* row, int64_t index) { push(false, given, row, index); });

  // An example whose label is its row's maximum has no margin above the tolerance. Where a
  // selection reaches down to such margins those examples take places in it, though they are
  // never flagged themselves.
  bool any_wants_agreeing = false;
  for (auto& selections : pairs) {
    for (PairSelection& pair : selections) {
      const auto& entries = pair.selection.entries();
      pair.wants_agreeing = std::any_of(
          entries.begin(), entries.end(),
          [](const TopSelection::Entry& entry) { return entry.key <= 2 * kProbabilityTolerance; });
      any_wants_agreeing = any_wants_agreeing || pair.wants_agreeing;
    }
  }
  if (any_wants_agreeing) {
    for_each_by_class(input, flags, kCounted | kDisagrees, kCounted, "margins",
                      [&](auto, int64_t given, const auto* row, int64_t index) {
                        push(true, given, row, index);
                      });
  }
  for (auto& selections : pairs) {
    for (PairSelection& pair : selections) {
      for (const TopSelection::Entry& entry : pair.selection.entries()) {
        if ((flags[entry.index] & kDisagrees) != 0) flags[entry.index] |= bit;
      }
    }
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
  for_each_by_class(input, flags, kCounted, kCounted, "self-confidence",
                    [&](auto, int64_t given, const auto* row, int64_t index) {
                      classes[given].push(-static_cast<double>(widen(row[given])), index);
                    });
  for (TopSelection& selection : classes) {
    for (const TopSelection::Entry& entry : selection.entries()) {
      if ((flags[entry.index] & kDisagrees) != 0) flags[entry.index] |= bit;
    }
  }
}

}  // namespace labelsieve
