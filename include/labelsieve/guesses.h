// What each row says on its own: the most probable class, and the class it is confidently in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/count.h"
#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// What confident_guesses() gives for an example that is in no class confidently, and both
/// functions below for an ignored one.
inline constexpr int32_t kNoGuess = -1;

/// The argmax of each row, ties to the lower class. Cost: one pass. Throws Error{kInvalidData} for
/// invalid labels or probabilities.
std::vector<int32_t> predicted_labels(Source& source, const Execution& execution = {});

/// The guess g_i of definitions.md §2 for each example: what confident_joint() counts. Cost: one
/// pass, and one number per example where the thresholds are not given. Throws Error as
/// confident_joint() does.
std::vector<int32_t> confident_guesses(Source& source, const ConfidentJointOptions& options = {});

/// How many examples of each given class there are, and how sure their argmax is.
struct ArgmaxCounts {
  explicit ArgmaxCounts(size_t num_classes);

  std::vector<int64_t> examples;     ///< K: with this label.
  std::vector<int64_t> confident;    ///< Of those, with P[argmax] >= t_argmax - 1e-6.
  std::vector<int64_t> disagreeing;  ///< Of those again, with another argmax than the label.
};

/// The counts behind `LabelInspector` (definitions.md §3, last paragraph). `thresholds` has one
/// number per class, else Error{kInvalidArgument}. Cost: one pass; the counts of parts of a dataset
/// add up. Throws Error{kInvalidData} for invalid labels or probabilities.
ArgmaxCounts count_confident_argmax(Source& source, std::span<const double> thresholds,
                                    const Execution& execution = {});

}  // namespace labelsieve
