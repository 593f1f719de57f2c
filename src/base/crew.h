// Threads that are kept from one parallel_for to the next.
#pragma once

#include <atomic>
#include <functional>
#include <optional>
#include <thread>
#include <vector>

namespace labelsieve {

/// Some threads, and a job at a time for all of them. Waiting for the next job they stay awake for
/// a moment: waking a processor that has gone idle takes as long as a pass over a small dataset.
class Crew {
 public:
  using Job = std::function<void(int worker)>;

  Crew() = default;
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  /// Calls job(worker) for every worker in [0, workers), 0 on the calling thread; returns when all
  /// are done. Only worker 0 may throw. Throws std::system_error when no thread can be started.
  void run(int workers, const Job& job);

  bool is_busy() const { return job_ != nullptr; }

 private:
  void start(int workers);
  void serve(int worker, int seen);
  void finish();

  std::vector<std::thread> threads_;  // of workers 1, 2, …
  // Of the job; not touched while a thread may look at them.
  const Job* job_ = nullptr;  // null: no more will come
  int workers_ = 0;
  std::atomic<int> number_{0};   // of the last job
  std::atomic<int> at_work_{0};  // threads that are not done with it
};

/// As long as one lives, every parallel_for of its thread is done by the same crew: that of the
/// outermost, or of the outermost within a job of that crew. For what makes several passes.
class CrewScope {
 public:
  CrewScope();
  ~CrewScope();
  CrewScope(const CrewScope&) = delete;
  CrewScope& operator=(const CrewScope&) = delete;

  Crew& crew() const { return *crew_; }

 private:
  Crew* outer_;
  std::optional<Crew> own_;  // where there is no outer one, or it is at work
  Crew* crew_;
};

}  // namespace labelsieve
