#include "base/crew.h"

#include <atomic>
#include <chrono>
#include <thread>

#ifdef __linux__
#include <pthread.h>
#include <sched.h>
#endif

#if defined(__x86_64__) || defined(__i386__)
#include <immintrin.h>
#endif

namespace labelsieve {
namespace {

void pause() {
#if defined(__x86_64__) || defined(__i386__)
  _mm_pause();
#endif
}

/// Waits until the value is no longer `old`: awake for a moment, then asleep.
int wait_while(const std::atomic<int>& value, int old) {
  constexpr int kLooks = 64;
  constexpr auto kAwake = std::chrono::microseconds(100);
  const auto start = std::chrono::steady_clock::now();
  do {
    for (int look = 0; look < kLooks; ++look) {
      const int now = value.load(std::memory_order_acquire);
      if (now != old) return now;
      pause();
    }
  } while (std::chrono::steady_clock::now() - start < kAwake);
  value.wait(old, std::memory_order_acquire);
  return value.load(std::memory_order_acquire);
}

/// Keeps a thread off the processor of this one, as long as it has others. Left alone, it often
/// waits behind the thread that started or woke it until the system balances its load, which takes
/// milliseconds, above all in virtual machines: a whole pass over a million rows.
void keep_off_this_processor(std::thread& thread) {
#ifdef __linux__
  cpu_set_t allowed;
  const int here = sched_getcpu();
  if (here < 0 || here >= CPU_SETSIZE) return;
  if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
  CPU_CLR(static_cast<size_t>(here), &allowed);
  if (CPU_COUNT(&allowed) == 0) return;
  pthread_setaffinity_np(thread.native_handle(), sizeof allowed, &allowed);
#else
  (void)thread;
#endif
}

thread_local Crew* current_crew = nullptr;  // of the innermost scope

}  // namespace

class Crew::Jobs {
 public:
  void begin(int workers, const Job& job) {
    job_ = &job;
    workers_ = workers;
    ++job_number_;
    // Open before it is announced: who hears of it finds it open until it ends.
    inside_.fetch_sub(kClosed, std::memory_order_release);
    announce();
  }

  /// Lets nobody in any more, and waits for those that are.
  void end() {
    int inside = inside_.fetch_add(kClosed, std::memory_order_acq_rel) + kClosed;
    while (inside != kClosed) inside = wait_while(inside_, inside);
  }

  void end_all() {
    all_ended_.store(true, std::memory_order_release);
    announce();
  }

  /// What a thread does until all have ended.
  void serve(int worker) {
    int done = 0;
    for (;;) {
      const int heard = number_.load(std::memory_order_acquire);
      if (all_ended_.load(std::memory_order_acquire)) return;
      if (enter()) {
        if (job_number_ != done && worker < workers_) (*job_)(worker);
        done = job_number_;
        leave();
      }
      wait_while(number_, heard);
    }
  }

 private:
  // So low that the threads inside never make it positive.
  static constexpr int kClosed = -(1 << 30);

  void announce() {
    number_.fetch_add(1, std::memory_order_release);
    number_.notify_all();
  }

  bool enter() {
    if (inside_.fetch_add(1, std::memory_order_acq_rel) >= 0) return true;
    leave();
    return false;
  }

  void leave() {
    if (inside_.fetch_sub(1, std::memory_order_acq_rel) - 1 == kClosed) inside_.notify_one();
  }

  // Of the job. Written while it is closed and nobody inside, read only by those inside.
  const Job* job_ = nullptr;
  int workers_ = 0;
  int job_number_ = 0;
  std::atomic<int> inside_{kClosed};  // threads; and kClosed, unless it is open
  std::atomic<int> number_{0};        // of what was announced last
  std::atomic<bool> all_ended_{false};
};

Crew::Crew() : jobs_(std::make_shared<Jobs>()) {}

Crew::~Crew() { jobs_->end_all(); }

void Crew::run(int workers, const Job& job) {
  start(workers);
  is_busy_ = true;
  jobs_->begin(workers, job);
  try {
    job(0);
  } catch (...) {
    jobs_->end();
    is_busy_ = false;
    throw;
  }
  jobs_->end();
  is_busy_ = false;
}

/// Starts the threads that are missing.
void Crew::start(int workers) {
  while (threads_ < workers - 1) {
    const int worker = threads_ + 1;
    std::thread thread([jobs = jobs_, worker] { jobs->serve(worker); });
    threads_ = worker;
    keep_off_this_processor(thread);
    thread.detach();
  }
}

CrewScope::CrewScope()
    : outer_(current_crew),
      crew_(outer_ == nullptr || outer_->is_busy() ? &own_.emplace() : outer_) {
  current_crew = crew_;
}

CrewScope::~CrewScope() { current_crew = outer_; }

}  // namespace labelsieve
