#include "selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <unordered_set>

#include "values.h"

namespace labelsieve::cli {
namespace {

/// The classes there are, for an error message; a long list is cut.
std::string classes_there_are(const Input& input) {
  constexpr size_t kMost = 20;
  const std::vector<std::string>& names = input.dataset().class_names;
  if (names.empty()) return fmt::format("the classes are 0 to {}", input.num_classes() - 1);
  std::string list;
  for (size_t k = 0; k < std::min(names.size(), kMost); ++k) {
    list += fmt::format("{}{}", k == 0 ? "" : ", ", names[k]);
  }
  if (names.size() > kMost) list += fmt::format(" and {} more", names.size() - kMost);
  return fmt::format("the classes are {}", list);
}

/// "given:suggested", where the names themselves may hold colons.
std::pair<int64_t, int64_t> parse_pair(const std::string& text, const Input& input) {
  std::vector<std::pair<int64_t, int64_t>> readings;
  for (size_t colon = text.find(':'); colon != std::string::npos;
       colon = text.find(':', colon + 1)) {
    const int64_t given = input.find_class(std::string_view(text).substr(0, colon));
    const int64_t suggested = input.find_class(std::string_view(text).substr(colon + 1));
    if (given >= 0 && suggested >= 0) readings.emplace_back(given, suggested);
  }
  if (readings.size() == 1) return readings.front();
  refuse_value("--exclude", readings.empty()
                                ? fmt::format("\"{}\" is not given:suggested with two classes; {}",
                                              text, classes_there_are(input))
                                : fmt::format("\"{}\" can be read as more than one pair of "
                                              "classes: use the numbers of the classes",
                                              text));
}

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

struct IgnoreLine {
  int64_t number = 0;
  std::string whole;  // an id may itself hold " #"
  std::string entry;  // without its comment
};

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

struct Ignored {
  std::vector<int64_t> rows;
  std::vector<const IgnoreLine*> unknown;
};

Ignored match_ids(const std::vector<IgnoreLine>& lines, const std::vector<std::string>& ids) {
  const std::unordered_set<std::string_view> known(ids.begin(), ids.end());
  std::unordered_set<std::string_view> wanted;
  Ignored result;
  for (const IgnoreLine& line : lines) {
    if (known.contains(line.whole)) {
      wanted.insert(line.whole);
    } else if (known.contains(line.entry)) {
      wanted.insert(line.entry);
    } else {
      result.unknown.push_back(&line);
    }
  }
  for (size_t row = 0; row < ids.size(); ++row) {
    if (wanted.contains(ids[row])) result.rows.push_back(static_cast<int64_t>(row));
  }
  return result;
}

Ignored match_indices(const std::vector<IgnoreLine>& lines, int64_t num_rows) {
  Ignored result;
  for (const IgnoreLine& line : lines) {
    const std::optional<int64_t> index = integer_from(line.entry);
    if (index && *index >= 0 && *index < num_rows) {
      result.rows.push_back(*index);
    } else {
      result.unknown.push_back(&line);
    }
  }
  return result;
}

}  // namespace

ExampleSelector::ExampleSelector(const Selection& selection, const Input& input)
    : threshold_(selection.threshold) {
  for (const std::string& name : selection.given_classes) {
    const int64_t label = input.find_class(name);
    if (label < 0) {
      refuse_value("--class",
                   fmt::format("no class is named \"{}\"; {}", name, classes_there_are(input)));
    }
    given_classes_.resize(static_cast<size_t>(input.num_classes()));
    given_classes_[static_cast<size_t>(label)] = true;
  }
  for (const std::string& pair : selection.excluded_pairs) {
    excluded_pairs_.push_back(parse_pair(pair, input));
  }
}

bool ExampleSelector::needs_examples() const {
  return !given_classes_.empty() || !excluded_pairs_.empty() || threshold_.has_value();
}

bool ExampleSelector::keeps(const Example& example) const {
  if (!given_classes_.empty() && !given_classes_[static_cast<size_t>(example.given_label)]) {
    return false;
  }
  if (threshold_ && !(example.label_quality < *threshold_)) return false;
  const std::pair<int64_t, int64_t> pair(example.given_label, example.suggested_label);
  return std::find(excluded_pairs_.begin(), excluded_pairs_.end(), pair) == excluded_pairs_.end();
}

std::vector<int64_t> read_ignored_indices(const Context& context, const Input& input) {
  const std::string& file = context.settings.selection.ignore_file;
  const std::vector<IgnoreLine> lines = read_ignore_lines(file);
  const std::vector<std::string>& ids = input.dataset().ids;
  Ignored ignored = match_ids(lines, ids);
  if (ignored.rows.empty()) ignored = match_indices(lines, input.num_rows());
  if (!ignored.unknown.empty()) {
    const IgnoreLine& first = *ignored.unknown.front();
    context.messages.note(
        fmt::format("{}: {} of {} entries name no example, first line {} (\"{}\")", file,
                    ignored.unknown.size(), lines.size(), first.number, first.entry));
  }
  return ignored.rows;
}

}  // namespace labelsieve::cli
