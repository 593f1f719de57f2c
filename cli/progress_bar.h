// A progress bar on standard error, for work that takes longer than a second.
#pragma once

#include <chrono>

#include "labelsieve/execution.h"
#include "settings.h"

namespace labelsieve::cli {

/// Draws nothing unless standard error is a terminal and --quiet is not given. Erased at the
/// latest when it goes out of scope.
class ProgressBar {
 public:
  explicit ProgressBar(const OutputSettings& settings);
  ~ProgressBar() { erase(); }
  ProgressBar(const ProgressBar&) = delete;
  ProgressBar& operator=(const ProgressBar&) = delete;

  /// To be called by the library; empty when nothing is to be drawn. Refers to this object.
  ProgressCallback callback();

  void erase();

 private:
  void draw(const Progress& progress) const;

  using Clock = std::chrono::steady_clock;
  bool enabled_;
  bool shown_ = false;
  Clock::time_point next_draw_;
};

}  // namespace labelsieve::cli
