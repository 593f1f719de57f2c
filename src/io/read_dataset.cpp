#include <algorithm>

#include "io/assemble.h"
#include "io/read_part.h"
#include "labelsieve/read.h"

namespace labelsieve {
namespace {

void check_options(const ReadOptions& options) {
  const auto fail = [](const char* message) { throw Error(ErrorCode::kInvalidArgument, message); };
  if (options.input.empty()) {
    if (options.labels.empty()) fail("there are no labels; give --labels FILE or one input file");
    if (options.pred_probs.empty()) {
      fail("there are no probabilities; give --pred-probs FILE or one input file with both");
    }
  } else if (!options.labels.empty() || !options.pred_probs.empty()) {
    fail("give either one input file, or --labels and --pred-probs, not both");
  }
  const auto streams = std::count(options.pred_probs.begin(), options.pred_probs.end(), "-") +
                       (options.labels == "-" ? 1 : 0);
  if (streams > 1) fail("standard input can be read once only; name a file for the other");
}

}  // namespace

Dataset read_dataset(const ReadOptions& options) {
  check_options(options);
  if (!options.input.empty()) {
    return io::assemble(io::read_part(options.input, {.labels = true, .pred_probs = true}, options),
                        {}, options);
  }
  io::Part labels = io::read_part(options.labels, {.labels = true}, options);
  std::vector<io::Part> models;
  for (const std::string& file : options.pred_probs) {
    models.push_back(io::read_part(file, {.pred_probs = true}, options));
  }
  return io::assemble(std::move(labels), std::move(models), options);
}

}  // namespace labelsieve
