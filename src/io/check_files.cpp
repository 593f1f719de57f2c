#include "io/check_files.h"

#include <algorithm>

#include "base/refuse_argument.h"

namespace labelsieve::io {

void check_files(const ReadOptions& options) {
  if (options.input.empty()) {
    if (options.labels.empty()) {
      refuse_argument("there are no labels; give --labels FILE or one input file");
    }
    if (options.pred_probs.empty()) {
      refuse_argument(
          "there are no probabilities; give --pred-probs FILE or one input file with both");
    }
  } else if (!options.labels.empty() || !options.pred_probs.empty()) {
    refuse_argument("give either one input file, or --labels and --pred-probs, not both");
  }
  check_streams(options.labels, options.pred_probs);
}

void check_streams(const std::string& file, const std::vector<std::string>& pred_probs) {
  const auto streams =
      std::count(pred_probs.begin(), pred_probs.end(), "-") + (file == "-" ? 1 : 0);
  if (streams > 1) {
    refuse_argument("standard input can be read once only; name a file for the other");
  }
}

}  // namespace labelsieve::io
