#include "base/crew.h"

#include <chrono>

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

Crew::~Crew() {
  number_.fetch_add(1, std::memory_order_release);
  number_.notify_all();
  for (std::thread& thread : threads_) thread.join();
}

void Crew::run(int workers, const Job& job) {
  start(workers);
  job_ = &job;
  workers_ = workers;
  at_work_.store(static_cast<int>(threads_.size()), std::memory_order_relaxed);
  number_.fetch_add(1, std::memory_order_release);
  number_.notify_all();
  try {
    job(0);
  } catch (...) {
    finish();
    throw;
  }
  finish();
}

/// Starts the threads that are missing.
void Crew::start(int workers) {
  while (static_cast<int>(threads_.size()) < workers - 1) {
    const int worker = static_cast<int>(threads_.size()) + 1;
    const int seen = number_.load(std::memory_order_relaxed);
    threads_.emplace_back([this, worker, seen] { serve(worker, seen); });
    keep_off_this_processor(threads_.back());
  }
}

void Crew::serve(int worker, int seen) {
  for (;;) {
    seen = wait_while(number_, seen);
    if (job_ == nullptr) return;
    // Those that have no part in it say that they are done, too: then nobody looks at it any more.
    if (worker < workers_) (*job_)(worker);
    if (at_work_.fetch_sub(1, std::memory_order_acq_rel) == 1) at_work_.notify_one();
  }
}

void Crew::finish() {
  int left = at_work_.load(std::memory_order_acquire);
  while (left != 0) left = wait_while(at_work_, left);
  job_ = nullptr;
}

CrewScope::CrewScope()
    : outer_(current_crew),
      crew_(outer_ == nullptr || outer_->is_busy() ? &own_.emplace() : outer_) {
  current_crew = crew_;
}

CrewScope::~CrewScope() { current_crew = outer_; }

}  // namespace labelsieve
