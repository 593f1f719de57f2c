// Where results go: standard output, or a file that appears whole or not at all.
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "labelsieve/write.h"
#include "settings.h"
#include "terminal.h"

namespace labelsieve::cli {

/// Buffers what is written and hands it to an AtomicFile.
class Output {
 public:
  /// Throws Error{kIo} when the file cannot be created.
  explicit Output(const OutputSettings& settings);

  void write(std::string_view text);

  /// Throws Error{kIo}; nothing appears under the file's name before.
  void commit();

  Format format() const { return format_; }
  const Terminal& terminal() const { return terminal_; }

 private:
  Format format_;
  Terminal terminal_;
  AtomicFile file_;
  std::string buffer_;
};

/// Fails early, before the work is done, where the output file cannot be created.
void check_output_file(const OutputSettings& settings);

/// Lines for the user on standard error, none of them with --quiet.
class Messages {
 public:
  explicit Messages(const OutputSettings& settings) : quiet_(settings.quiet) {}

  void note(std::string_view text) const { print("note: ", text); }
  void warning(std::string_view text) const { print("warning: ", text); }
  void plain(std::string_view text) const { print({}, text); }
  bool quiet() const { return quiet_; }

 private:
  void print(std::string_view kind, std::string_view text) const;

  bool quiet_;
};

}  // namespace labelsieve::cli
