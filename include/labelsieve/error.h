// The one exception type of labelsieve.
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>

namespace labelsieve {

/// What went wrong, in the terms a caller can act on.
enum class ErrorCode {
  kInvalidArgument,  ///< An option or a combination of options makes no sense.
  kInvalidData,      ///< The labels or probabilities break a rule (docs/definitions.md §8).
  kIo,               ///< A file cannot be opened, read or written.
  kCancelled,        ///< The progress callback asked to stop.
};

/// Where the fault is. Every field may be empty: `row` and `line` are then -1.
struct ErrorLocation {
  std::string file;         ///< As the user named it.
  int64_t line = -1;        ///< Line of a text file, counted from 1.
  int64_t row = -1;         ///< Row of an array, counted from 0 like every index.
  std::string column = {};  ///< Name of the column, or its position as text.
};

/// Thrown at the door, by readers, validation and option checks, and by nothing behind them.
///
/// `what()` is one complete line: the location, then the message, as in
/// `train.csv, line 12, column p_cat: "abc" is not a number`.
class Error : public std::runtime_error {
 public:
  Error(ErrorCode code, const std::string& message, ErrorLocation location = {});

  ErrorCode code() const noexcept { return code_; }
  const std::string& message() const noexcept { return message_; }
  const ErrorLocation& location() const noexcept { return location_; }

 private:
  ErrorCode code_;
  std::string message_;
  ErrorLocation location_;
};

}  // namespace labelsieve
