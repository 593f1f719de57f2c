// Threads that are kept from one parallel_for to the next.
#pragma once

#include <functional>
#include <memory>
#include <optional>

namespace labelsieve {

/// Some threads, and a job at a time for all of them. Waiting for the next job they stay awake for
/// a moment: waking a processor that has gone idle takes as long as a pass over a small dataset.
/// Nobody waits for a thread that has not come yet, for the same reason: that may take as long as
/// ten such passes.
class Crew {
 public:
  using Job = std::function<void(int worker)>;

  Crew();
  Crew(const Crew&) = delete;
  Crew& operator=(const Crew&) = delete;
  ~Crew();

  /// Calls job(0) on the calling thread, and job(worker) at most once on another for each other
  /// worker below `workers`: those that come after job(0) has ended miss the job. Returns when all
  /// are done. Only worker 0 may throw. Throws std::system_error when no thread can be started.
  void run(int workers, const Job& job);

  bool is_busy() const { return is_busy_; }

 private:
  /// What the threads share. They outlive the crew where they come too late even for its end.
  class Jobs;

  void start(int workers);

  std::shared_ptr<Jobs> jobs_;
  int threads_ = 0;  // that were started: workers 1, 2, …
  bool is_busy_ = false;
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
