// Spreads numbered pieces of work over threads.
#pragma once

#include <cstdint>
#include <functional>
#include <string_view>

#include "labelsieve/execution.h"

namespace labelsieve {

/// The number of threads to use for `pieces` pieces of work.
int num_workers(const Execution& execution, int64_t pieces);

/// The same with so few threads that each has at least `least` of the work: for work so light that
/// it is done before a thread has started, which takes up to a millisecond in virtual machines.
Execution with_worthwhile_threads(const Execution& execution, int64_t work, int64_t least);

/// What the work reports to the progress callback.
struct Stage {
  std::string_view name;
  int64_t done_before = 0;     ///< Rows finished before this call.
  int64_t total = -1;          ///< Rows of the whole stage.
  int64_t rows_per_piece = 1;  ///< Rows that a finished piece stands for.
};

/// Calls work(piece, worker) once for every piece in [0, pieces), worker in [0, num_workers).
///
/// Pieces are handed out in ascending order, the calling thread is worker 0 and the one that
/// reports progress. An exception from `work` ends all workers and is rethrown here: the one of
/// the lowest piece, so that the same input gives the same error whatever the number of threads.
/// Throws Error{kCancelled} when the callback returns false.
void parallel_for(int64_t pieces, const Execution& execution, const Stage& stage,
                  const std::function<void(int64_t piece, int worker)>& work);

}  // namespace labelsieve
