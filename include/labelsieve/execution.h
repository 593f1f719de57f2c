// How a computation runs. Nothing here ever changes an answer.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

namespace labelsieve {

/// One report of progress. `total` is -1 while it is unknown.
struct Progress {
  std::string_view stage;  ///< For example "thresholds"; valid during the call only.
  int64_t done = 0;        ///< Rows finished in this stage.
  int64_t total = -1;      ///< Rows of this stage.
};

/// Called now and then from the thread that called the library. Return false to cancel: the
/// library then stops its threads and throws Error{kCancelled}.
using ProgressCallback = std::function<bool(const Progress&)>;

/// Parameters that affect only the speed. Every public options struct holds one.
struct Execution {
  int num_threads = 0;  ///< 0: as many as the machine has processors.
  ProgressCallback progress = {};
};

}  // namespace labelsieve
