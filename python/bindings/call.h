// One call of the library: without the interpreter's lock, and ended by Ctrl-C.
#pragma once

#include <nanobind/nanobind.h>

#include <utility>

#include "labelsieve/error.h"
#include "labelsieve/execution.h"

namespace labelsieve::python {

/// An Execution whose callback runs the interpreter's signal handlers a few times a second, and
/// cancels when one raises.
Execution interruptible(int num_threads);

/// Returns work(execution), called without the interpreter's lock: other threads of Python go on
/// meanwhile. `work` touches nothing of Python. Throws nanobind::python_error, which holds
/// KeyboardInterrupt, when a signal handler raised.
template <class Work>
auto call(int num_threads, Work&& work) {
  const Execution execution = interruptible(num_threads);
  try {
    const nanobind::gil_scoped_release unlocked;
    return std::forward<Work>(work)(execution);
  } catch (const Error& error) {
    if (error.code() == ErrorCode::kCancelled && PyErr_Occurred()) throw nanobind::python_error();
    throw;
  }
}

}  // namespace labelsieve::python
