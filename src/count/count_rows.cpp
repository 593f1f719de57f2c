#include "count/count_rows.h"

#include <algorithm>
#include <string>

#include "labelsieve/error.h"

namespace labelsieve {
namespace {

void check_thresholds(const std::vector<double>& thresholds, int64_t num_classes) {
  if (!thresholds.empty() && static_cast<int64_t>(thresholds.size()) != num_classes) {
    throw Error(ErrorCode::kInvalidArgument,
                std::to_string(thresholds.size()) + " thresholds were given for " +
                    std::to_string(num_classes) + " classes; give one per class");
  }
}

}  // namespace

/// The accumulator's friend: the joint's pass with everything that can be kept on the way.
struct RowCounter {
  static void scan(Source& source, ConfidentJointAccumulator& joint, const KeptRows& kept,
                   const Execution& execution) {
    if (kept.flags != nullptr) {
      kept.flags->reserve(static_cast<size_t>(std::max<int64_t>(source.num_rows(), 0)));
    }
    source.reset();
    for (Block block; source.next(block);) {
      std::span<uint8_t> flags;
      if (kept.flags != nullptr) {
        kept.flags->resize(static_cast<size_t>(block.first_row + block.pred_probs.rows));
        flags = std::span(*kept.flags).subspan(static_cast<size_t>(block.first_row));
      }
      joint.scan(block, flags, kept.disagreeing, execution);
    }
  }
};

ConfidentJoint count_rows(Source& source, const ConfidentJointOptions& options,
                          const KeptRows& kept) {
  check_thresholds(options.thresholds, source.num_classes());
  ThresholdAccumulator sums(source.num_classes());
  source.reset();
  for (Block block; source.next(block);) sums.add(block, options.execution);

  ConfidentJointAccumulator joint(
      options.thresholds.empty() ? sums.thresholds() : options.thresholds, options.collision);
  RowCounter::scan(source, joint, kept, options.execution);

  ConfidentJoint result;
  result.thresholds = joint.thresholds();
  result.label_counts = sums.label_counts();
  result.counts = joint.counts();
  result.calibrated = calibrate_confident_joint(
      result.counts.mapped<double>([](int64_t count) { return static_cast<double>(count); }),
      result.label_counts);
  result.num_off_diagonal = joint.num_off_diagonal();
  result.num_disagreeing = joint.num_disagreeing();
  result.num_unnormalized_rows = joint.num_unnormalized_rows();
  return result;
}

ConfidentJoint confident_joint(Source& source, const ConfidentJointOptions& options) {
  return count_rows(source, options, {});
}

}  // namespace labelsieve
