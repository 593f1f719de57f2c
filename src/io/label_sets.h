// From sets of labels as people write them to sets of class indices.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "io/arrays.h"
#include "io/number.h"
#include "io/part.h"
#include "labelsieve/execution.h"
#include "labelsieve/multilabel_source.h"

namespace labelsieve::io {

/// Calls take(label) for the labels between the separators, without the spaces around them; an
/// empty text has none. False where one of several labels is empty.
template <class Take>
bool split_label_set(std::string_view text, std::string_view separator, const Take& take) {
  text = trimmed(text);
  if (text.empty()) return true;
  for (;;) {
    const size_t end = text.find(separator);
    const std::string_view label = trimmed(text.substr(0, end));
    if (label.empty()) return false;
    take(label);
    if (end == std::string_view::npos) return true;
    text.remove_prefix(end + separator.size());
  }
}

/// The value of a cell of zeros and ones: 0, 1, 0.0, 1.0, true or false; -1 for anything else.
int zero_or_one(std::string_view cell);

/// The sets as class indices, and the classes.
struct ResolvedSets {
  LabelSetsView sets;
  std::vector<std::shared_ptr<const void>> owners;
  std::vector<uint8_t> invalid;  ///< Per row where skip_invalid met an invalid set, else empty.
  std::vector<std::string> class_names;
  std::vector<std::string> notes;
};

/// Matches the labels of all sets with class names, or takes them as indices, as resolve_labels()
/// does for single labels. A set that is nothing but the word NA or null, and no class of that
/// name, is missing. Throws Error{kInvalidData} for missing sets, labels in no class, and matrices
/// of another width or with other values than 0 and 1, unless `skip_invalid`.
ResolvedSets resolve_label_sets(const Part& part, int64_t num_classes,
                                std::vector<std::string> class_names, NameOrigin origin,
                                bool skip_invalid, const Execution& execution);

}  // namespace labelsieve::io
