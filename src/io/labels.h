// From labels as people write them to class indices (definitions.md §10).
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "io/part.h"
#include "labelsieve/execution.h"

namespace labelsieve::io {

/// Numbers distinct texts in order of appearance.
class LabelDictionary {
 public:
  /// The code of a text, a new one if it has not been seen.
  int32_t code_of(std::string_view text);

  const std::vector<std::string>& values() const { return values_; }
  std::vector<std::string> take_values() { return std::move(values_); }

 private:
  struct Hash {
    using is_transparent = void;
    size_t operator()(std::string_view text) const { return std::hash<std::string_view>{}(text); }
  };
  std::unordered_map<std::string, int32_t, Hash, std::equal_to<>> codes_;
  /// A text by its size and some of its bytes, all of them if it has at most eight.
  struct Recent {
    uint64_t key = 0;
    size_t size = 0;  ///< 0: none yet.
    int32_t code = 0;
  };
  int32_t look_up(std::string_view text);

  std::array<Recent, 256> recent_{};  ///< By a cheap hash, in front of the table.
  std::vector<std::string> values_;
};

/// The classes, and the labels as indices into them.
struct ResolvedLabels {
  LabelsView labels;
  std::shared_ptr<const void> owner;
  std::vector<uint8_t> invalid;  ///< Per row where one is ignored or skip_invalid, else empty.
  std::vector<std::string> class_names;  ///< Those given, dropped, or found among the labels.
  std::vector<std::string> notes;
};

/// Matches labels with class names, or takes them as indices. Throws Error{kInvalidData} with one
/// message for all labels that are missing or in no class, unless `skip_invalid`.
ResolvedLabels resolve_labels(const Part& part, int64_t num_classes,
                              std::vector<std::string> class_names, NameOrigin origin,
                              bool skip_invalid, const Execution& execution);

/// A copy of the labels with -1 in the marked rows; its owner is added to `storage`.
LabelsView replace_labels(const LabelsView& labels, const std::vector<uint8_t>& marked,
                          std::vector<std::shared_ptr<const void>>& storage);

/// The different labels of a column as texts, in order of appearance.
std::vector<std::string> distinct_labels(const LabelColumn& column);

/// Throws Error{kInvalidData} for an empty or repeated name.
void check_class_names(const std::vector<std::string>& names, const std::string& file);

}  // namespace labelsieve::io
