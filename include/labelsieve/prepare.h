// What has to be done to numbers of a model before they are probabilities: what the readers do to
// files (read.h), for matrices that are in memory already.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "labelsieve/execution.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

struct PrepareOptions {
  // Parameters that affect the answer.
  /// The numbers are logits: the softmax of each row, for a single column the sigmoid.
  bool logits = false;
  /// The columns are classes of which an example may have any number: `logits` take the sigmoid
  /// each, and a single column stays one. Else a single column p becomes the two [1 - p, p].
  bool multilabel = false;
  /// Mark the rows with numbers that are no probabilities; else such logits are an error, and such
  /// probabilities one of whatever reads them.
  bool skip_invalid = false;
  /// One byte per row, or empty: rows that are marked are not looked at.
  std::span<const uint8_t> ignored = {};

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// Probabilities, and what keeps them alive.
struct PreparedProbabilities {
  MatrixView view;                    ///< What was given, or double precision and row-major.
  std::shared_ptr<const void> owner;  ///< Null where nothing had to be computed: no copy then.
  std::vector<uint8_t> invalid;       ///< N bytes with skip_invalid, else empty: 1 = leave it out.
};

/// Cost: one pass, none where no option asks for one and there are two columns or more. Throws
/// Error{kInvalidData} naming the row for logits without a softmax, and for a single column of
/// which an element is no probability, unless skip_invalid; Error{kInvalidArgument} unless
/// `ignored` has one byte per row.
PreparedProbabilities prepare_pred_probs(const MatrixView& pred_probs,
                                         const PrepareOptions& options = {});

}  // namespace labelsieve
