// The confident joints of all classes: one pass for the thresholds, one to count.
#include <algorithm>
#include <string>

#include "base/refuse_argument.h"
#include "labelsieve/count.h"
#include "labelsieve/error.h"
#include "labelsieve/multilabel_count.h"
#include "tasks/multilabel_count.h"
#include "tasks/multilabel_limits.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {

/// What one thread has counted.
template <class W>
class MultilabelJointAccumulator::Worker {
 public:
  Worker(const MultilabelLimits<W>& limits, int64_t fold)
      : num_classes_(limits.present.size()),
        fold_(fold),
        present_(folded_columns(limits.present, fold, limits.kNone)),
        absent_(folded_columns(limits.absent, fold, -limits.kNone)),
        given_disagrees_(limits.given_disagrees),
        missing_disagrees_(limits.missing_disagrees),
        elements_(6 * present_.size()),
        counts_(num_classes_) {}

  template <class T>
  void add(const MultilabelTile<T>& tile) {
    if (rows_ + tile.in.rows.count > kMaxSummedRows) empty();
    rows_ += tile.in.rows.count;
    const GuessCounts<W> counts{part(0), part(1), part(2), part(3), part(4), part(5)};
    const GuessLimits<W> limits{present_.data(), absent_.data(), given_disagrees_,
                                missing_disagrees_};
    for_each_folded(tile.in, fold_, [&](const LabelledRows<T>& rows, int64_t /*first*/) {
      count_guesses(rows, limits, counts);
    });
  }

  void add_to(std::vector<ClassCounts>& all) {
    empty();
    for (size_t k = 0; k < num_classes_; ++k) {
      for (size_t given = 0; given < 2; ++given) {
        for (size_t guess = 0; guess < 2; ++guess) {
          all[k].guesses[given][guess] += counts_[k].guesses[given][guess];
        }
      }
      all[k].disagreeing += counts_[k].disagreeing;
      all[k].off_diagonal += counts_[k].off_diagonal;
    }
  }

 private:
  W* part(size_t number) { return elements_.data() + number * present_.size(); }

  /// Moves what was counted to integers.
  void empty() {
    if (rows_ == 0) return;
    for (size_t c = 0; c < num_classes_ * static_cast<size_t>(fold_); ++c) {
      ClassCounts& counts = counts_[c % num_classes_];
      int64_t count[6];
      for (size_t number = 0; number < 6; ++number) {
        count[number] = static_cast<int64_t>(part(number)[c]);
      }
      const auto [present, absent, given_present, given_absent, disagreeing, off_diagonal] = count;
      counts.guesses[0][0] += absent - given_absent;
      counts.guesses[0][1] += present - given_present;
      counts.guesses[1][0] += given_absent;
      counts.guesses[1][1] += given_present;
      counts.disagreeing += disagreeing;
      counts.off_diagonal += off_diagonal;
    }
    std::fill(elements_.begin(), elements_.end(), W{0});
    rows_ = 0;
  }

  size_t num_classes_;
  int64_t fold_;
  std::vector<W> present_;
  std::vector<W> absent_;
  W given_disagrees_;
  W missing_disagrees_;
  std::vector<W> elements_;  // the six arrays of GuessCounts
  std::vector<ClassCounts> counts_;
  int64_t rows_ = 0;
};

namespace {

template <class T>
SparseMatrix<T> to_sparse(const BinaryMatrix<T>& matrix) {
  const std::array<T, 4> elements{matrix[0][0], matrix[0][1], matrix[1][0], matrix[1][1]};
  return SparseMatrix<T>::from_dense(elements, 2);
}

BinaryMatrix<double> to_doubles(const BinaryMatrix<int64_t>& matrix) {
  BinaryMatrix<double> result;
  for (size_t y = 0; y < 2; ++y) {
    for (size_t t = 0; t < 2; ++t) result[y][t] = static_cast<double>(matrix[y][t]);
  }
  return result;
}

}  // namespace

MultilabelJointAccumulator::MultilabelJointAccumulator(
    std::vector<AbsentPresent<double>> thresholds)
    : thresholds_(std::move(thresholds)), counts_(thresholds_.size()) {}

void MultilabelJointAccumulator::add(const MultilabelBlock& block, const Execution& execution,
                                     int64_t total_rows) {
  check_num_classes(counts_.size(), block.pred_probs);
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    const MultilabelLimits<Wide<T>> limits(thresholds_);
    std::vector<Worker<Wide<T>>> workers(
        static_cast<size_t>(multilabel_workers(block, execution)),
        Worker<Wide<T>>(limits, fold_of(block.pred_probs.columns)));
    for_each_multilabel_tile<T>(block, nullptr, execution, "confident joint", total_rows,
                                [&](const MultilabelTile<T>& tile) {
                                  workers[static_cast<size_t>(tile.worker)].add(tile);
                                });
    for (Worker<Wide<T>>& worker : workers) worker.add_to(counts_);
  });
}

void MultilabelJointAccumulator::merge(const MultilabelJointAccumulator& other) {
  if (other.thresholds_ != thresholds_) {
    refuse_argument(
        "accumulators with other thresholds cannot be merged; give all of them the "
        "thresholds of the whole dataset");
  }
  for (size_t k = 0; k < counts_.size(); ++k) {
    for (size_t given = 0; given < 2; ++given) {
      for (size_t guess = 0; guess < 2; ++guess) {
        counts_[k].guesses[given][guess] += other.counts_[k].guesses[given][guess];
      }
    }
    counts_[k].disagreeing += other.counts_[k].disagreeing;
    counts_[k].off_diagonal += other.counts_[k].off_diagonal;
  }
}

std::vector<BinaryMatrix<int64_t>> MultilabelJointAccumulator::counts() const {
  std::vector<BinaryMatrix<int64_t>> all;
  all.reserve(counts_.size());
  for (const ClassCounts& of_class : counts_) {
    BinaryMatrix<int64_t>& guesses = all.emplace_back(of_class.guesses);
    for (size_t y = 0; y < 2; ++y) guesses[y][y] = std::max<int64_t>(guesses[y][y], 1);
  }
  return all;
}

std::vector<int64_t> MultilabelJointAccumulator::num_off_diagonal() const {
  std::vector<int64_t> all;
  for (const ClassCounts& of_class : counts_) all.push_back(of_class.off_diagonal);
  return all;
}

std::vector<int64_t> MultilabelJointAccumulator::num_disagreeing() const {
  std::vector<int64_t> all;
  for (const ClassCounts& of_class : counts_) all.push_back(of_class.disagreeing);
  return all;
}

MultilabelJoint multilabel_confident_joint(MultilabelSource& source,
                                           const MultilabelJointOptions& options) {
  check_multilabel_thresholds(options.thresholds, source.num_classes());
  MultilabelThresholdAccumulator sums(source.num_classes());
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    sums.add(block, options.execution, source.num_rows());
  }
  if (sums.num_examples() == 0) throw Error(ErrorCode::kInvalidData, "there are no examples");

  MultilabelJoint joint;
  joint.num_examples = sums.num_examples();
  joint.label_counts = sums.label_counts();
  joint.thresholds = options.thresholds.empty() ? sums.thresholds() : options.thresholds;
  MultilabelJointAccumulator guesses(joint.thresholds);
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    guesses.add(block, options.execution, source.num_rows());
  }
  joint.counts = guesses.counts();
  joint.num_disagreeing = guesses.num_disagreeing();
  joint.num_off_diagonal = guesses.num_off_diagonal();
  std::vector<BinaryMatrix<double>> weights;
  for (const BinaryMatrix<int64_t>& counts : joint.counts) weights.push_back(to_doubles(counts));
  joint.calibrated = calibrate_multilabel_joint(weights, joint.label_counts);
  return joint;
}

std::vector<BinaryMatrix<int64_t>> calibrate_multilabel_joint(
    std::span<const BinaryMatrix<double>> joint,
    std::span<const AbsentPresent<int64_t>> label_counts) {
  if (joint.size() != label_counts.size()) {
    refuse_argument("there are joints of " + std::to_string(joint.size()) +
                    " classes and label counts of " + std::to_string(label_counts.size()));
  }
  std::vector<BinaryMatrix<int64_t>> calibrated;
  calibrated.reserve(joint.size());
  for (size_t k = 0; k < joint.size(); ++k) {
    const auto matrix = calibrate_confident_joint(to_sparse(joint[k]), label_counts[k]);
    calibrated.push_back(
        {{{matrix.at(0, 0), matrix.at(0, 1)}, {matrix.at(1, 0), matrix.at(1, 1)}}});
  }
  return calibrated;
}

std::vector<BinaryMatrix<double>> estimate_multilabel_joint(
    std::span<const BinaryMatrix<int64_t>> calibrated) {
  std::vector<BinaryMatrix<double>> joint;
  joint.reserve(calibrated.size());
  for (const BinaryMatrix<int64_t>& counts : calibrated) {
    const auto matrix = estimate_joint(to_sparse(counts));
    joint.push_back({{{matrix.at(0, 0), matrix.at(0, 1)}, {matrix.at(1, 0), matrix.at(1, 1)}}});
  }
  return joint;
}

}  // namespace labelsieve
