// The user's choice among the flagged examples: --class, --exclude, --threshold, --ignore.
#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "input.h"
#include "labelsieve/rank.h"

namespace labelsieve::cli {

/// The class of a name, -1 if there is none.
using ClassFinder = std::function<int64_t(std::string_view)>;

/// "the classes are cat, dog", for an error message; a long list is cut.
std::string classes_there_are(std::span<const std::string> names, int64_t num_classes);

/// "given:suggested", where the names themselves may hold colons. Throws Error{kInvalidArgument}
/// that ends in `classes`.
std::pair<int64_t, int64_t> parse_pair(const std::string& text, const ClassFinder& find_class,
                                       const std::string& classes);

/// Decides by an example's labels and score. Throws Error{kInvalidArgument} naming the classes
/// there are when a class is unknown.
class ExampleSelector {
 public:
  ExampleSelector(const Selection& selection, const Input& input);

  /// False: everything is kept, so that nobody need look at the examples.
  bool needs_examples() const;
  bool keeps(const Example& example) const;

 private:
  std::vector<bool> given_classes_;  // K, or empty: all
  std::vector<std::pair<int64_t, int64_t>> excluded_pairs_;
  std::optional<double> threshold_;
};

/// The rows that the --ignore file lists: by id where any line is an id of the dataset, else by
/// index. Lines that name no example are counted in a note.
std::vector<int64_t> read_ignored_indices(const Context& context, const Input& input);

}  // namespace labelsieve::cli
