// The file of --ignore: what people have checked, one entry a line.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "output.h"

namespace labelsieve::cli {

struct IgnoreLine {
  int64_t number = 0;
  std::string whole;  // an id may itself hold " #"
  std::string entry;  // without its comment
};

/// The lines that are not empty. Throws Error{kIo}.
std::vector<IgnoreLine> read_ignore_lines(const std::string& file);

/// Says in a note how many entries name no `what`, if any.
void note_unknown_entries(const Messages& messages, const std::string& file,
                          std::span<const IgnoreLine> lines,
                          std::span<const IgnoreLine* const> unknown, std::string_view what);

}  // namespace labelsieve::cli
