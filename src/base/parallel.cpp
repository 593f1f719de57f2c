#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>

#include "base/crew.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

/// What the workers of one parallel_for share.
class Team {
 public:
  Team(int64_t pieces, const Execution& execution, const Stage& stage,
       const std::function<void(int64_t, int)>& work)
      : pieces_(pieces), execution_(execution), stage_(stage), work_(work) {}

  void run(int worker) {
    for (;;) {
      // A failed piece stops the hand-out; pieces below it are already taken and will finish.
      if (stopped_.load(std::memory_order_relaxed)) return;
      const int64_t piece = next_.fetch_add(1, std::memory_order_relaxed);
      if (piece >= pieces_) return;
      try {
        work_(piece, worker);
      } catch (...) {
        fail(piece, std::current_exception());
        return;
      }
      const int64_t finished = finished_.fetch_add(1, std::memory_order_relaxed) + 1;
      if (worker == 0) report(finished);
    }
  }

  void finish() const {
    if (failure_) std::rethrow_exception(failure_);
    if (cancelled_) throw Error(ErrorCode::kCancelled, "cancelled");
  }

 private:
  void fail(int64_t piece, std::exception_ptr failure) {
    stopped_.store(true, std::memory_order_relaxed);
    const std::lock_guard lock(mutex_);
    if (!failure_ || piece < failed_piece_) {
      failure_ = std::move(failure);
      failed_piece_ = piece;
    }
  }

  void report(int64_t finished) {
    if (!execution_.progress) return;
    int64_t done = stage_.done_before + finished * stage_.rows_per_piece;
    if (stage_.total >= 0) done = std::min(done, stage_.total);
    if (!execution_.progress({stage_.name, done, stage_.total})) {
      cancelled_ = true;
      stopped_.store(true, std::memory_order_relaxed);
    }
  }

  const int64_t pieces_;
  const Execution& execution_;
  const Stage& stage_;
  const std::function<void(int64_t, int)>& work_;
  std::atomic<int64_t> next_{0};
  std::atomic<int64_t> finished_{0};
  std::atomic<bool> stopped_{false};
  bool cancelled_ = false;  // written by worker 0 only, read after the others ended
  std::mutex mutex_;
  std::exception_ptr failure_;
  int64_t failed_piece_ = 0;
};

}  // namespace

int num_workers(const Execution& execution, int64_t pieces) {
  if (pieces <= 1) return 1;  // without asking the system, which takes microseconds
  int64_t threads = execution.num_threads;
  if (threads <= 0) threads = static_cast<int64_t>(std::thread::hardware_concurrency());
  return static_cast<int>(std::clamp<int64_t>(threads, 1, pieces));
}

Execution with_worthwhile_threads(const Execution& execution, int64_t work, int64_t least) {
  return {.num_threads = num_workers(execution, work / least), .progress = execution.progress};
}

void parallel_for(int64_t pieces, const Execution& execution, const Stage& stage,
                  const std::function<void(int64_t, int)>& work) {
  Team team(pieces, execution, stage, work);
  const int workers = num_workers(execution, pieces);
  if (workers == 1) {
    team.run(0);
  } else {
    const CrewScope scope;
    scope.crew().run(workers, [&team](int worker) { team.run(worker); });
  }
  team.finish();
}

}  // namespace labelsieve
