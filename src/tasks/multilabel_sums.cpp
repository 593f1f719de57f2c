// Confident thresholds of all classes, summed exactly.
#include <algorithm>
#include <cmath>
#include <string>

#include "base/refuse_argument.h"
#include "count/threshold_sums.h"
#include "tasks/multilabel_count.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {

/// The sums of one worker, in the doubles that the kernel adds to.
class MultilabelThresholdAccumulator::Worker {
 public:
  Worker(int64_t num_classes, int64_t fold)
      : num_classes_(static_cast<size_t>(num_classes)),
        fold_(fold),
        columns_(num_classes_ * static_cast<size_t>(fold)),
        elements_(5 * padded()),
        sums_(num_classes_),
        num_present_(num_classes_) {}

  template <class T>
  void add(const MultilabelTile<T>& tile) {
    if (rows_ + tile.in.rows.count > kMaxSummedRows) empty();
    rows_ += tile.in.rows.count;
    num_examples_ += tile.in.rows.count;
    const GivenSums sums{part(0), part(1), part(2), part(3), part(4)};
    bool valid = true;
    for_each_folded(tile.in, fold_, [&](const LabelledRows<T>& rows, int64_t /*first*/) {
      valid = valid && add_given(rows, sums);
    });
    if (!valid) refuse_tile(tile);
  }

  void add_to(MultilabelThresholdAccumulator& all) {
    empty();
    for (size_t k = 0; k < num_classes_; ++k) {
      all.sums_[k][0] += sums_[k][0];
      all.sums_[k][1] += sums_[k][1];
      all.num_present_[k] += num_present_[k];
    }
    all.num_examples_ += num_examples_;
  }

 private:
  size_t padded() const { return columns_ + static_cast<size_t>(kColumnPadding); }
  double* part(size_t number) { return elements_.data() + number * padded(); }

  /// Both parts are integers after scaling by a power of two.
  static __int128 exact(double high, double low) {
    return static_cast<__int128>(static_cast<int64_t>(high * 0x1p40)) * (int64_t{1} << 40) +
           static_cast<int64_t>(low * 0x1p80);
  }

  /// Moves what was added to integers.
  void empty() {
    if (rows_ == 0) return;
    for (size_t c = 0; c < columns_; ++c) {
      const size_t k = c % num_classes_;
      const __int128 present = exact(part(2)[c], part(3)[c]);
      sums_[k][0] += exact(part(0)[c], part(1)[c]) - present;
      sums_[k][1] += present;
      num_present_[k] += static_cast<int64_t>(part(4)[c]);
    }
    std::fill(elements_.begin(), elements_.end(), 0.0);
    rows_ = 0;
  }

  size_t num_classes_;
  int64_t fold_;
  size_t columns_;
  std::vector<double> elements_;  // the five arrays of GivenSums
  std::vector<AbsentPresent<__int128>> sums_;
  std::vector<int64_t> num_present_;
  int64_t rows_ = 0;
  int64_t num_examples_ = 0;
};

MultilabelThresholdAccumulator::MultilabelThresholdAccumulator(int64_t num_classes)
    : sums_(static_cast<size_t>(num_classes)), num_present_(static_cast<size_t>(num_classes)) {}

void MultilabelThresholdAccumulator::add(const MultilabelBlock& block, const Execution& execution,
                                         int64_t total_rows) {
  check_num_classes(sums_.size(), block.pred_probs);
  const int64_t classes = block.pred_probs.columns;
  std::vector<Worker> workers(static_cast<size_t>(multilabel_workers(block, execution)),
                              Worker(classes, fold_of(classes)));
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    for_each_multilabel_tile<T>(block, nullptr, execution, "probabilities", total_rows,
                                [&](const MultilabelTile<T>& tile) {
                                  workers[static_cast<size_t>(tile.worker)].add(tile);
                                });
  });
  for (Worker& worker : workers) worker.add_to(*this);
}

void MultilabelThresholdAccumulator::merge(const MultilabelThresholdAccumulator& other) {
  if (other.sums_.size() != sums_.size()) {
    refuse_argument("accumulators of " + std::to_string(sums_.size()) + " and of " +
                    std::to_string(other.sums_.size()) + " classes cannot be merged");
  }
  for (size_t k = 0; k < sums_.size(); ++k) {
    sums_[k][0] += other.sums_[k][0];
    sums_[k][1] += other.sums_[k][1];
    num_present_[k] += other.num_present_[k];
  }
  num_examples_ += other.num_examples_;
}

std::vector<AbsentPresent<double>> MultilabelThresholdAccumulator::thresholds() const {
  std::vector<AbsentPresent<double>> thresholds(sums_.size());
  for (size_t k = 0; k < sums_.size(); ++k) {
    thresholds[k] = {threshold_from(sums_[k][0], num_examples_ - num_present_[k]),
                     threshold_from(sums_[k][1], num_present_[k])};
  }
  return thresholds;
}

std::vector<AbsentPresent<int64_t>> MultilabelThresholdAccumulator::label_counts() const {
  std::vector<AbsentPresent<int64_t>> counts(num_present_.size());
  for (size_t k = 0; k < counts.size(); ++k) {
    counts[k] = {num_examples_ - num_present_[k], num_present_[k]};
  }
  return counts;
}

std::vector<AbsentPresent<double>> multilabel_thresholds(MultilabelSource& source,
                                                         const Execution& execution) {
  MultilabelThresholdAccumulator sums(source.num_classes());
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    sums.add(block, execution, source.num_rows());
  }
  return sums.thresholds();
}

void check_num_classes(size_t num_classes, const MatrixView& pred_probs) {
  if (static_cast<int64_t>(num_classes) == pred_probs.columns) return;
  refuse_argument("an accumulator of " + std::to_string(num_classes) +
                  " classes cannot add a block of " + std::to_string(pred_probs.columns));
}

void check_multilabel_thresholds(const std::vector<AbsentPresent<double>>& thresholds,
                                 int64_t num_classes) {
  if (thresholds.empty() || static_cast<int64_t>(thresholds.size()) == num_classes) return;
  refuse_argument(std::to_string(thresholds.size()) + " pairs of thresholds were given for " +
                  std::to_string(num_classes) + " classes; give one pair per class");
}

}  // namespace labelsieve
