#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <system_error>

#include "io/temporary_paths.h"
#include "labelsieve/error.h"
#include "labelsieve/write.h"

namespace labelsieve {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 16;

[[noreturn]] void fail(const std::string& path, int error) {
  std::string message = std::generic_category().message(error);
  if (error == ENOSPC || error == EDQUOT) {
    message += "; free some space or write elsewhere";
  } else if (error == ENOENT) {
    message += "; the folder must exist";
  } else if (error == EISDIR) {
    message += "; name a file in it";
  } else {
    message += "; the file cannot be written";
  }
  throw Error(ErrorCode::kIo, message, {.file = path == "-" ? "standard output" : path});
}

/// Where links lead to, so that the file behind a link is replaced and not the link.
std::string resolved(const std::string& path) {
  char target[PATH_MAX];
  return ::realpath(path.c_str(), target) != nullptr ? target : path;
}

}  // namespace

struct AtomicFile::State {
  std::string path;         ///< As the user named it.
  std::string destination;  ///< Links resolved.
  std::string temporary;    ///< Empty where bytes go straight to the destination.
  std::string buffer;
  io::TemporaryPath* remembered = nullptr;
  int fd = -1;

  void open_destination();
  void create_temporary(bool exists, mode_t mode);
  void write_out(std::string_view bytes);
  void flush();
  void close_file();
  void discard() noexcept;
};

void AtomicFile::State::open_destination() {
  if (path == "-") {
    fd = STDOUT_FILENO;
    return;
  }
  struct stat status{};
  const bool exists = ::stat(path.c_str(), &status) == 0;
  if (!exists && errno != ENOENT) fail(path, errno);
  if (exists && S_ISDIR(status.st_mode)) fail(path, EISDIR);
  if (exists && !S_ISREG(status.st_mode)) {
    // A pipe or a device cannot be replaced.
    fd = ::open(path.c_str(), O_WRONLY | O_CLOEXEC);
    if (fd < 0) fail(path, errno);
    return;
  }
  // Replacing a file asks only its folder for permission; what is write-protected stays.
  if (exists && ::access(path.c_str(), W_OK) != 0) fail(path, errno);
  destination = resolved(path);
  create_temporary(exists, status.st_mode & 07777);
}

void AtomicFile::State::create_temporary(bool exists, mode_t mode) {
  static std::atomic<unsigned> counter{0};
  const size_t slash = destination.rfind('/');
  const size_t name = slash == std::string::npos ? 0 : slash + 1;
  for (;;) {
    // The start of the name is enough to recognise it, and all of it might be too long.
    temporary = destination.substr(0, name) + "." + destination.substr(name, 64) + "." +
                std::to_string(::getpid()) + "." + std::to_string(counter.fetch_add(1)) + ".tmp";
    fd = ::open(temporary.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (fd >= 0) break;
    if (errno == EEXIST) continue;
    const int error = errno;
    temporary.clear();
    fail(path, error);
  }
  remembered = io::remember_path(temporary);
  if (exists) (void)::fchmod(fd, mode);  // a file system without modes has nothing to keep
}

void AtomicFile::State::write_out(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(fd, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail(path, errno);
    bytes.remove_prefix(static_cast<size_t>(written));
  }
}

void AtomicFile::State::flush() {
  write_out(buffer);
  buffer.clear();
}

void AtomicFile::State::close_file() {
  const int closing = fd;
  fd = -1;
  // Network file systems report a full disk as late as here.
  if (closing > STDERR_FILENO && ::close(closing) != 0 && errno != EINTR) fail(path, errno);
}

void AtomicFile::State::discard() noexcept {
  if (fd > STDERR_FILENO) ::close(fd);
  fd = -1;
  if (!temporary.empty()) ::unlink(temporary.c_str());
  temporary.clear();
  io::forget_path(remembered);
  remembered = nullptr;
}

AtomicFile::AtomicFile(const std::string& path) : state_(std::make_unique<State>()) {
  state_->path = path;
  state_->buffer.reserve(kBufferBytes);
  state_->open_destination();
}

AtomicFile::~AtomicFile() { state_->discard(); }

void AtomicFile::write(std::string_view bytes) {
  State& state = *state_;
  if (state.buffer.size() + bytes.size() <= kBufferBytes) {
    state.buffer.append(bytes);
    return;
  }
  state.flush();
  if (bytes.size() >= kBufferBytes) {
    state.write_out(bytes);
  } else {
    state.buffer.append(bytes);
  }
}

void AtomicFile::commit() {
  State& state = *state_;
  state.flush();
  state.close_file();
  if (state.temporary.empty()) return;
  if (::rename(state.temporary.c_str(), state.destination.c_str()) != 0) fail(state.path, errno);
  state.temporary.clear();
  io::forget_path(state.remembered);
  state.remembered = nullptr;
}

void AtomicFile::remove_temporaries() noexcept { io::remove_remembered_files(); }

}  // namespace labelsieve
