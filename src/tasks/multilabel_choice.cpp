#include "tasks/multilabel_choice.h"

#include <algorithm>

#include "filter/top_selection.h"

namespace labelsieve {
namespace {

/// What one worker has taken.
struct Taker {
  std::vector<TakenLabel> labels;        // where all are taken
  std::vector<TopSelection> selections;  // class k: 2k for absent, 2k + 1 for present; else
  std::vector<uint32_t> positions;       // scratch
};

size_t selection_of(const LabelChoice& choice, size_t label, bool given) {
  return 2 * label + (given && !choice.sides_together() ? 1 : 0);
}

class Takers {
 public:
  Takers(const LabelChoice& choice, int workers) : choice_(choice) {
    workers_.resize(static_cast<size_t>(workers));
    for (Taker& worker : workers_) {
      worker.selections.reserve(2 * choice.counts.size());
      for (const AbsentPresent<int64_t>& count : choice.counts) {
        worker.selections.emplace_back(std::max<int64_t>(count[0], 0));
        worker.selections.emplace_back(std::max<int64_t>(count[1], 0));
      }
    }
  }

  template <class T>
  void take(const MultilabelTile<T>& tile, const std::vector<Wide<T>>& given_at_most,
            const std::vector<Wide<T>>& missing_at_least, int64_t fold) {
    Taker& own = workers_[static_cast<size_t>(tile.worker)];
    const int64_t columns = tile.in.rows.columns;
    own.positions.resize(static_cast<size_t>(tile.in.rows.count * columns));
    for_each_folded(tile.in, fold, [&](const LabelledRows<T>& rows, int64_t first) {
      const int64_t found =
          select_labels(rows, given_at_most.data(), missing_at_least.data(), own.positions.data());
      int64_t i = 0;
      for (int64_t n = 0; n < found; ++n) {
        const auto position = static_cast<int64_t>(own.positions[static_cast<size_t>(n)]);
        while (position >= (i + 1) * columns) ++i;
        const bool given = rows.labels[position] != 0;
        const int64_t label = position - i * columns;
        const T* row = tile.in.rows.row(first + i);
        take_label(own, tile.index(first + i), static_cast<int32_t>(label), given,
                   widen(row[label]));
      }
    });
  }

  std::vector<TakenLabel> result() {
    std::vector<TakenLabel> taken;
    for (Taker& worker : workers_) {
      taken.insert(taken.end(), worker.labels.begin(), worker.labels.end());
    }
    for (size_t s = 0; s < workers_.front().selections.size(); ++s) {
      TopSelection& merged = workers_.front().selections[s];
      for (size_t w = 1; w < workers_.size(); ++w) {
        for (const TopSelection::Entry& entry : workers_[w].selections[s].entries()) {
          merged.push(entry.key, entry.index);
        }
      }
      for (const TopSelection::Entry& entry : merged.entries()) taken.push_back(as_taken(entry, s));
    }
    return taken;
  }

 private:
  template <class W>
  void take_label(Taker& own, int64_t index, int32_t label, bool given, W p) {
    if (choice_.key == LabelChoice::Key::kNone) {
      own.labels.push_back({index, {label, given}});
      return;
    }
    const auto k = static_cast<size_t>(label);
    const double key = choice_key(choice_.key, p, given);
    // Both sides in one selection: the order of 2 · index + side is that of the index.
    const int64_t entry = choice_.sides_together() ? 2 * index + (given ? 1 : 0) : index;
    own.selections[selection_of(choice_, k, given)].push(key, entry);
  }

  TakenLabel as_taken(const TopSelection::Entry& entry, size_t selection) const {
    const auto label = static_cast<int32_t>(selection / 2);
    if (choice_.sides_together()) return {entry.index / 2, {label, entry.index % 2 == 1}};
    return {entry.index, {label, selection % 2 == 1}};
  }

  const LabelChoice& choice_;
  std::vector<Taker> workers_;
};

}  // namespace

std::vector<TakenLabel> take_labels(MultilabelSource& source, const MultilabelJoint& joint,
                                    const LabelChoice& choice, const uint8_t* wanted,
                                    const Execution& execution) {
  // Blocks may have any number of tiles, so there may be as many workers as threads.
  Takers takers(choice, num_workers(execution, std::numeric_limits<int64_t>::max()));
  source.reset();
  const int64_t fold = fold_of(source.num_classes());
  for (MultilabelBlock block; source.next(block);) {
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      using W = Wide<T>;
      const ChoiceLimits<W> limits(choice, joint);
      const auto given = folded_columns(limits.given_at_most, fold, -MultilabelLimits<W>::kNone);
      const auto missing =
          folded_columns(limits.missing_at_least, fold, MultilabelLimits<W>::kNone);
      for_each_multilabel_tile<T>(
          block, wanted, execution, "issues", source.num_rows(),
          [&](const MultilabelTile<T>& tile) { takers.take(tile, given, missing, fold); });
    });
  }
  return takers.result();
}

}  // namespace labelsieve
