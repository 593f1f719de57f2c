#include "signals.h"

#include <unistd.h>

#include <cerrno>
#include <csignal>

#include "labelsieve/write.h"

namespace labelsieve::cli {
namespace {

volatile std::sig_atomic_t progress_bar_shown = 0;

extern "C" void clean_up_and_die(int signal) {
  const int saved_errno = errno;
  AtomicFile::remove_temporaries();
  if (progress_bar_shown != 0) {
    constexpr char kErase[] = "\r\033[K";
    [[maybe_unused]] const auto written = write(STDERR_FILENO, kErase, sizeof(kErase) - 1);
  }
  errno = saved_errno;
  raise(signal);  // SA_RESETHAND has put the default action back
}

}  // namespace

void install_signal_handlers() {
  struct sigaction action{};
  action.sa_handler = clean_up_and_die;
  action.sa_flags = static_cast<int>(SA_RESETHAND | SA_NODEFER);
  sigemptyset(&action.sa_mask);
  for (const int signal : {SIGINT, SIGTERM, SIGHUP, SIGPIPE}) {
    struct sigaction before{};
    if (signal != SIGPIPE && sigaction(signal, nullptr, &before) == 0 &&
        before.sa_handler == SIG_IGN) {
      continue;
    }
    sigaction(signal, &action, nullptr);
  }
}

void set_progress_bar_shown(bool shown) { progress_bar_shown = shown ? 1 : 0; }

}  // namespace labelsieve::cli
