#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <cerrno>
#include <climits>
#include <cstdlib>
#include <cstring>
#include <system_error>

#include "labelsieve/error.h"
#include "labelsieve/write.h"

namespace labelsieve {
namespace {

constexpr size_t kBufferBytes = size_t{1} << 16;

/// The path of a temporary file, where a signal handler finds it: a list of slots that only grows
/// and is never freed, so that the handler can walk it at any moment.
struct Slot {
  std::atomic<bool> taken{false};
  std::atomic<bool> holds_path{false};
  char path[PATH_MAX] = {};
  Slot* next = nullptr;
};

std::atomic<Slot*> first_slot{nullptr};

Slot* take_slot(const std::string& path) {
  if (path.size() >= PATH_MAX) return nullptr;
  Slot* slot = first_slot.load(std::memory_order_acquire);
  for (; slot != nullptr; slot = slot->next) {
    bool free = false;
    if (slot->taken.compare_exchange_strong(free, true)) break;
  }
  if (slot == nullptr) {
    slot = new Slot;
    slot->taken.store(true);
    slot->next = first_slot.load(std::memory_order_relaxed);
    while (!first_slot.compare_exchange_weak(slot->next, slot, std::memory_order_release)) {
    }
  }
  std::memcpy(slot->path, path.c_str(), path.size() + 1);
  slot->holds_path.store(true, std::memory_order_release);
  return slot;
}

void release_slot(Slot* slot) {
  if (slot == nullptr) return;
  slot->holds_path.store(false);
  slot->taken.store(false, std::memory_order_release);
}

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
  Slot* slot = nullptr;
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
  slot = take_slot(temporary);
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
  release_slot(slot);
  slot = nullptr;
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
  release_slot(state.slot);
  state.slot = nullptr;
}

void AtomicFile::remove_temporaries() noexcept {
  for (Slot* slot = first_slot.load(std::memory_order_acquire); slot != nullptr;
       slot = slot->next) {
    if (slot->holds_path.load(std::memory_order_acquire)) ::unlink(slot->path);
  }
}

}  // namespace labelsieve
