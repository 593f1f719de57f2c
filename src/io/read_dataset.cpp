#include "base/crew.h"
#include "io/assemble.h"
#include "io/check_files.h"
#include "io/read_part.h"
#include "labelsieve/read.h"

namespace labelsieve {
Dataset read_dataset(const ReadOptions& options) {
  const CrewScope scope;
  io::check_files(options);
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
