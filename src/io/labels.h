// From labels as people write them to class indices (definitions.md §10).
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "io/part.h"
#include "labelsieve/execution.h"

namespace labelsieve::io {

/// The classes, and the labels as indices into them.
struct ResolvedLabels {
  LabelsView labels;
  std::shared_ptr<const void> owner;
  std::vector<uint8_t> invalid;  ///< Per row where one is ignored or skip_invalid, else empty.
  std::vector<std::string> class_names;  ///< Those given, dropped, or found among the labels.
  std::vector<std::string> notes;
};

/// Matches labels with class names, or takes them as indices; the codes of texts are used up.
/// Throws Error{kInvalidData} with one message for all labels that are missing or in no class,
/// unless `skip_invalid`.
ResolvedLabels resolve_labels(Part& part, int64_t num_classes, std::vector<std::string> class_names,
                              NameOrigin origin, bool skip_invalid, const Execution& execution);

/// A copy of the labels with -1 in the marked rows; its owner is added to `storage`.
LabelsView replace_labels(const LabelsView& labels, const std::vector<uint8_t>& marked,
                          std::vector<std::shared_ptr<const void>>& storage);

/// The different labels of a column as texts, in order of appearance.
std::vector<std::string> distinct_labels(const LabelColumn& column);

/// Throws Error{kInvalidData} for an empty or repeated name.
void check_class_names(const std::vector<std::string>& names, const std::string& file);

}  // namespace labelsieve::io
