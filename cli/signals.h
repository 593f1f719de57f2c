// Ctrl-C and its kin: no half file, no half progress bar, and the shell sees the signal.
#pragma once

namespace labelsieve::cli {

/// From now on SIGINT, SIGTERM, SIGHUP and SIGPIPE remove temporary output files and then end the
/// process as the signal would have. A SIGINT, SIGTERM or SIGHUP that the parent chose to ignore
/// (nohup) stays ignored.
void install_signal_handlers();

/// Tells the handlers whether standard error shows a progress bar that they must erase.
void set_progress_bar_shown(bool shown);

}  // namespace labelsieve::cli
