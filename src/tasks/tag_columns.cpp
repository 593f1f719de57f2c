#include "tasks/tag_columns.h"

#include <algorithm>

namespace labelsieve {
namespace {

bool tells_beginnings(TagScheme scheme) {
  return scheme != TagScheme::kPlain && scheme != TagScheme::kIob1;
}

Side side_of_role(TagRole role) {
  switch (role) {
    case TagRole::kOutside: return Side::kOutside;
    case TagRole::kBegin:
    case TagRole::kSingle: return Side::kBegin;
    default: return Side::kInside;
  }
}

/// The IOB2 name of a tag. Types are numbered: their own names may look like anything.
std::string name_of(const Tag& tag) {
  if (tag.role == TagRole::kOutside) return "O";
  const char* prefix = side_of_role(tag.role) == Side::kBegin ? "B-" : "I-";
  return prefix + std::to_string(tag.type);
}

/// The columns of `tags`, and in `column_of` that of each class.
TagSet merge_classes(const TagSet& tags, std::vector<int32_t>& column_of) {
  std::vector<std::string> names;
  for (int64_t label = 0; label < tags.num_classes(); ++label) {
    if (!tells_beginnings(tags.scheme())) {
      column_of.push_back(static_cast<int32_t>(label));
      continue;
    }
    const std::string name = name_of(tags.tag(label));
    const auto found = std::find(names.begin(), names.end(), name);
    column_of.push_back(static_cast<int32_t>(found - names.begin()));
    if (found == names.end()) names.push_back(name);
  }
  return tells_beginnings(tags.scheme()) ? TagSet(names, TagScheme::kIob2) : tags;
}

}  // namespace

TagColumns::TagColumns(const TagSet& tags) : tags_(merge_classes(tags, column_of_)) {
  for (int32_t column = 0; column < num_columns(); ++column) {
    const Tag& tag = tags_.tag(column);
    const Side side = side_of_role(tag.role);
    side_of_.push_back(side);
    int32_t other = -1;
    if (side != Side::kOutside && tells_beginnings(tags_.scheme())) {
      other = tags_.label_of({side == Side::kBegin ? TagRole::kInside : TagRole::kBegin, tag.type});
    }
    other_side_.push_back(other);
  }
}

}  // namespace labelsieve
