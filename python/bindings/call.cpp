#include "call.h"

#include <chrono>

namespace labelsieve::python {
namespace {

using Clock = std::chrono::steady_clock;

// Often enough for a person, seldom enough that taking the lock costs nothing.
constexpr auto kInterval = std::chrono::milliseconds(50);

}  // namespace

Execution interruptible(int num_threads) {
  Execution execution;
  execution.num_threads = num_threads;
  execution.progress = [next = Clock::now() + kInterval](const Progress&) mutable {
    const auto now = Clock::now();
    if (now < next) return true;
    next = now + kInterval;
    const nanobind::gil_scoped_acquire locked;
    return PyErr_CheckSignals() == 0;
  };
  return execution;
}

}  // namespace labelsieve::python
