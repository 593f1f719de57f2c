#include "selection.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <unordered_set>

#include "ignore_file.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

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

std::string classes_there_are(std::span<const std::string> names, int64_t num_classes) {
  constexpr size_t kMost = 20;
  if (names.empty()) return fmt::format("the classes are 0 to {}", num_classes - 1);
  std::string list;
  for (size_t k = 0; k < std::min(names.size(), kMost); ++k) {
    list += fmt::format("{}{}", k == 0 ? "" : ", ", names[k]);
  }
  if (names.size() > kMost) list += fmt::format(" and {} more", names.size() - kMost);
  return fmt::format("the classes are {}", list);
}

std::pair<int64_t, int64_t> parse_pair(const std::string& text, const ClassFinder& find_class,
                                       const std::string& classes) {
  std::vector<std::pair<int64_t, int64_t>> readings;
  for (size_t colon = text.find(':'); colon != std::string::npos;
       colon = text.find(':', colon + 1)) {
    const int64_t given = find_class(std::string_view(text).substr(0, colon));
    const int64_t suggested = find_class(std::string_view(text).substr(colon + 1));
    if (given >= 0 && suggested >= 0) readings.emplace_back(given, suggested);
  }
  if (readings.size() == 1) return readings.front();
  refuse_value("--exclude", readings.empty()
                                ? fmt::format("\"{}\" is not given:suggested with two classes; {}",
                                              text, classes)
                                : fmt::format("\"{}\" can be read as more than one pair of "
                                              "classes: use the numbers of the classes",
                                              text));
}

ExampleSelector::ExampleSelector(const Selection& selection, const Input& input)
    : threshold_(selection.threshold) {
  const std::string classes = classes_there_are(input.dataset().class_names, input.num_classes());
  for (const std::string& name : selection.given_classes) {
    const int64_t label = input.find_class(name);
    if (label < 0) {
      refuse_value("--class", fmt::format("no class is named \"{}\"; {}", name, classes));
    }
    given_classes_.resize(static_cast<size_t>(input.num_classes()));
    given_classes_[static_cast<size_t>(label)] = true;
  }
  for (const std::string& pair : selection.excluded_pairs) {
    excluded_pairs_.push_back(
        parse_pair(pair, [&](std::string_view name) { return input.find_class(name); }, classes));
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
  note_unknown_entries(context.messages, file, lines, ignored.unknown, "example");
  return ignored.rows;
}

}  // namespace labelsieve::cli
