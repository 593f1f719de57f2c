#include "ignore_file.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>

#include "labelsieve/error.h"

namespace labelsieve::cli {
namespace {

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kSpace = " \t\r";
  const size_t begin = text.find_first_not_of(kSpace);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(kSpace) + 1 - begin);
}

/// A line without its comment: # at the start, or after white space.
std::string_view without_comment(std::string_view line) {
  for (size_t at = line.find('#'); at != std::string_view::npos; at = line.find('#', at + 1)) {
    if (at == 0 || line[at - 1] == ' ' || line[at - 1] == '\t') return trimmed(line.substr(0, at));
  }
  return line;
}

}  // namespace

std::vector<IgnoreLine> read_ignore_lines(const std::string& file) {
  std::ifstream stream(file);
  if (std::filesystem::is_directory(file)) errno = EISDIR;
  if (!stream || std::filesystem::is_directory(file)) {
    throw Error(ErrorCode::kIo,
                fmt::format("cannot be read ({}); --ignore takes a text file with an id or an "
                            "index a line",
                            std::strerror(errno)),
                {.file = file, .column = {}});
  }
  std::vector<IgnoreLine> lines;
  std::string text;
  for (int64_t number = 1; std::getline(stream, text); ++number) {
    std::string_view line = text;
    if (number == 1 && line.starts_with("\xEF\xBB\xBF")) line.remove_prefix(3);
    line = trimmed(line);
    const std::string_view entry = without_comment(line);
    if (!entry.empty()) lines.push_back({number, std::string(line), std::string(entry)});
  }
  return lines;
}

void note_unknown_entries(const Messages& messages, const std::string& file,
                          std::span<const IgnoreLine> lines,
                          std::span<const IgnoreLine* const> unknown, std::string_view what) {
  if (unknown.empty()) return;
  const IgnoreLine& first = *unknown.front();
  messages.note(fmt::format("{}: {} of {} entries name no {}, first line {} (\"{}\")", file,
                            unknown.size(), lines.size(), what, first.number, first.entry));
}

}  // namespace labelsieve::cli
