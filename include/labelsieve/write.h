// Writing results: files appear whole or not at all.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <string_view>

namespace labelsieve {

/// A file that appears under its name only when commit() succeeds; until then, and when it is
/// destroyed uncommitted, a file that was there before stays as it was. It is written beside its
/// destination. "-" is standard output, written through as it comes.
class AtomicFile {
 public:
  /// Throws Error{kIo} when the file cannot be created.
  explicit AtomicFile(const std::string& path);
  ~AtomicFile();
  AtomicFile(const AtomicFile&) = delete;
  AtomicFile& operator=(const AtomicFile&) = delete;

  /// Throws Error{kIo}, for example when the disk is full.
  void write(std::string_view bytes);
  void commit();

  /// Removes the temporary files of all uncommitted AtomicFiles. Async-signal-safe: meant for a
  /// SIGINT or SIGTERM handler that ends the process.
  static void remove_temporaries() noexcept;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A one-dimensional .npy file: bool[N] and float64[N].
void write_npy_bool(const std::string& path, std::span<const uint8_t> values);
void write_npy_float64(const std::string& path, std::span<const double> values);

/// The same of shape (N, columns), row-major. N·columns values.
void write_npy_bool(const std::string& path, std::span<const uint8_t> values, int64_t columns);
void write_npy_float64(const std::string& path, std::span<const double> values, int64_t columns);

}  // namespace labelsieve
