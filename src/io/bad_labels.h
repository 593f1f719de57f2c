// What is said of labels that fit no class.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "io/part.h"

namespace labelsieve::io {

/// All labels that fit no class, for one message.
class BadLabels {
 public:
  void add_missing(int64_t row) {
    if (missing_++ == 0) first_missing_ = row;
  }

  void add_unknown(int64_t row, const std::string& label);
  bool any() const { return missing_ > 0 || unknown_ > 0; }

  /// `classes` completes "… not among …", `hint` ends the message.
  [[noreturn]] void refuse(const Part& part, const std::string& classes,
                           const std::string& hint) const;

 private:
  int64_t missing_ = 0;
  int64_t unknown_ = 0;
  int64_t first_missing_ = 0;
  int64_t first_unknown_ = 0;
  bool more_ = false;
  std::vector<std::pair<std::string, int64_t>> examples_;
};

inline constexpr const char* kSkipLabelsHint =
    "; correct them, or leave such rows out with --skip-invalid";

/// "the classes 0 to 9".
std::string index_range(int64_t num_classes);

/// The end of a message about indices between these two. Labels 1..K where 0..K-1 are expected are
/// the most common mistake.
std::string index_hint(int64_t smallest, int64_t largest, int64_t num_classes);

}  // namespace labelsieve::io
