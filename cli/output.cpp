#include "output.h"

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>

namespace labelsieve::cli {
namespace {

constexpr size_t kBufferSize = size_t{1} << 16;

Terminal terminal_for(const OutputSettings& settings) {
  if (settings.file.empty()) return terminal_of(1, settings.color);
  return Terminal{.width = kPipeWidth};
}

}  // namespace

Output::Output(const OutputSettings& settings)
    : format_(settings.format),
      terminal_(terminal_for(settings)),
      file_(settings.file.empty() ? "-" : settings.file) {}

void Output::write(std::string_view text) {
  buffer_ += text;
  if (buffer_.size() < kBufferSize) return;
  file_.write(buffer_);
  buffer_.clear();
}

void Output::commit() {
  if (!buffer_.empty()) file_.write(buffer_);
  buffer_.clear();
  file_.commit();
}

void check_output_file(const OutputSettings& settings) {
  if (settings.file.empty()) return;
  std::error_code error;
  const auto status = std::filesystem::status(settings.file, error);
  // Opening a pipe and closing it again would end its reader.
  if (!std::filesystem::exists(status) || std::filesystem::is_regular_file(status) ||
      std::filesystem::is_directory(status)) {
    const AtomicFile probe(settings.file);
  }
}

void Messages::print(std::string_view kind, std::string_view text) const {
  if (!quiet_) fmt::print(stderr, "labelsieve: {}{}\n", kind, text);
}

}  // namespace labelsieve::cli
