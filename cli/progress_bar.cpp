#include "progress_bar.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <string>

#include "signals.h"
#include "terminal.h"

namespace labelsieve::cli {
namespace {

constexpr std::chrono::milliseconds kBeforeFirst{1000};
constexpr std::chrono::milliseconds kBetween{100};
constexpr int kBarWidth = 30;

bool can_draw(const OutputSettings& settings) {
  if (settings.quiet || !terminal_of(2, true).is_terminal) return false;
  const char* const term = std::getenv("TERM");
  return term == nullptr || std::string_view(term) != "dumb";
}

}  // namespace

ProgressBar::ProgressBar(const OutputSettings& settings)
    : enabled_(can_draw(settings)), next_draw_(Clock::now() + kBeforeFirst) {}

ProgressCallback ProgressBar::callback() {
  if (!enabled_) return {};
  return [this](const Progress& progress) {
    const Clock::time_point now = Clock::now();
    if (now >= next_draw_) {
      if (!shown_) set_progress_bar_shown(true);
      shown_ = true;
      next_draw_ = now + kBetween;
      draw(progress);
    }
    return true;
  };
}

void ProgressBar::erase() {
  if (!shown_) return;
  fmt::print(stderr, "\r\033[K");
  std::fflush(stderr);
  shown_ = false;
  set_progress_bar_shown(false);
}

void ProgressBar::draw(const Progress& progress) const {
  if (progress.total > 0) {
    const double share = std::clamp(
        static_cast<double>(progress.done) / static_cast<double>(progress.total), 0.0, 1.0);
    const auto filled = static_cast<size_t>(share * kBarWidth);
    fmt::print(stderr, "\r\033[K{} [{:<{}}] {:3.0f}%", progress.stage, std::string(filled, '='),
               kBarWidth, share * 100);
  } else {
    fmt::print(stderr, "\r\033[K{} {} rows", progress.stage, progress.done);
  }
  std::fflush(stderr);
}

}  // namespace labelsieve::cli
