#include "labelsieve/prepare.h"

#include <utility>

#include "base/refuse_argument.h"
#include "io/probabilities.h"

namespace labelsieve {

PreparedProbabilities prepare_pred_probs(const MatrixView& pred_probs,
                                         const PrepareOptions& options) {
  if (!options.ignored.empty() && static_cast<int64_t>(options.ignored.size()) != pred_probs.rows) {
    refuse_argument("there is not one mark of ignored rows for each row");
  }
  io::Part part;
  part.rows = pred_probs.rows;
  part.pred_probs.emplace().view = pred_probs;
  part.ignored.assign(options.ignored.begin(), options.ignored.end());
  const bool expands = pred_probs.columns == 1 && !options.multilabel;
  if (options.logits && options.multilabel) {
    io::apply_sigmoid(part, options.skip_invalid, options.execution);
  } else if (options.logits) {
    io::apply_softmax(part, options.skip_invalid, options.execution);
  } else if (options.skip_invalid && !expands) {
    io::mark_invalid_rows(part, options.execution);
  }
  if (expands) io::expand_binary(part, options.skip_invalid, false, options.execution);
  for (size_t row = 0; row < options.ignored.size() && !part.invalid.empty(); ++row) {
    if (options.ignored[row] != 0) part.invalid[row] = 0;
  }
  return {part.pred_probs->view, std::move(part.pred_probs->owner), std::move(part.invalid)};
}

}  // namespace labelsieve
