// The paths of files to be removed when the program is interrupted.
#pragma once

#include <string>

namespace labelsieve::io {

/// A path where a signal handler finds it.
struct TemporaryPath;

/// Remembers a path until it is forgotten; null, and nothing done, for one longer than the system
/// takes.
TemporaryPath* remember_path(const std::string& path);
void forget_path(TemporaryPath* remembered);

/// Removes the files at all remembered paths. Async-signal-safe.
void remove_remembered_files() noexcept;

}  // namespace labelsieve::io
