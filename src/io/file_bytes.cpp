#include "io/file_bytes.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <system_error>

#include "labelsieve/error.h"

namespace labelsieve::io {
namespace {

constexpr size_t kReadBytes = size_t{1} << 20;
constexpr size_t kMaxReadAhead = size_t{1} << 30;

[[noreturn]] void fail(const std::string& path, int error, const char* advice) {
  throw Error(ErrorCode::kIo, std::generic_category().message(error) + advice, {.file = path});
}

class Descriptor {
 public:
  explicit Descriptor(int fd) : fd_(fd) {}
  ~Descriptor() {
    if (fd_ > STDIN_FILENO) ::close(fd_);
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  int get() const { return fd_; }

 private:
  int fd_;
};

std::string read_all(int fd, const std::string& path) {
  std::string content;
  for (;;) {
    const size_t used = content.size();
    // Doubling keeps the number of copies small for long streams.
    content.resize(used + std::max(kReadBytes, used));
    const ssize_t got = ::read(fd, content.data() + used, content.size() - used);
    const int error = errno;
    content.resize(used + static_cast<size_t>(got > 0 ? got : 0));
    if (got == 0) return content;
    if (got < 0 && error != EINTR) fail(path, error, "; the file cannot be read");
  }
}

/// Advice only: a kernel that refuses it does no harm.
void advise_reading(void* address, size_t size) {
#ifdef MADV_HUGEPAGE
  // Since Linux 5.18 what is not in memory yet is then read in pieces of megabytes, and kept in
  // large pages where the file system has them: these are mapped at once, here and in later runs.
  if (::madvise(address, size, MADV_HUGEPAGE) == 0) return;
#endif
  // Read-ahead of a whole file pays while it surely fits into memory.
  (void)::madvise(address, size, size <= kMaxReadAhead ? MADV_WILLNEED : MADV_SEQUENTIAL);
}

FileBytes map(int fd, size_t size, const std::string& path) {
  void* address = ::mmap(nullptr, size, PROT_READ, MAP_PRIVATE, fd, 0);
  if (address == MAP_FAILED) fail(path, errno, "; the file cannot be mapped into memory");
  advise_reading(address, size);
  std::shared_ptr<const void> owner(address, [size](void* mapped) { ::munmap(mapped, size); });
  return {{static_cast<const char*>(address), size}, std::move(owner)};
}

}  // namespace

FileBytes owned_bytes(std::string bytes) {
  auto owner = std::make_shared<const std::string>(std::move(bytes));
  return {*owner, owner};
}

FileBytes open_file(const std::string& path) {
  if (path == "-") return owned_bytes(read_all(STDIN_FILENO, "standard input"));
  const Descriptor fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (fd.get() < 0) {
    const int error = errno;
    fail(path, error, error == ENOENT ? "; check the path" : "; check that it can be read");
  }
  struct stat status{};
  if (::fstat(fd.get(), &status) != 0) fail(path, errno, "; the file cannot be examined");
  if (S_ISDIR(status.st_mode)) {
    throw Error(ErrorCode::kIo, "this is a directory; name a file in it", {.file = path});
  }
  // Files of the kernel's own file systems say that they are empty: they are read like pipes.
  if (!S_ISREG(status.st_mode) || status.st_size == 0) {
    return owned_bytes(read_all(fd.get(), path));
  }
  return map(fd.get(), static_cast<size_t>(status.st_size), path);
}

}  // namespace labelsieve::io
