#include "io/span_tags.h"

#include <string>
#include <utility>

#include "io/label_dictionary.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

/// The class names that the tags have to be among, as far as they are known.
std::vector<std::string> known_names(const std::vector<Part>& models,
                                     const TokenReadOptions& options) {
  if (!options.class_names.empty()) return options.class_names;
  for (const Part& model : models) {
    if (!model.class_names.empty()) return model.class_names;
  }
  return {};
}

/// Whether there is one column for one type, which then gets its name.
bool is_binary(const SpanColumn& column, std::vector<Part>& models) {
  if (models.empty() || models.front().pred_probs->view.columns != 1) return false;
  if (column.types.size() > 1) {
    throw Error(ErrorCode::kInvalidData,
                "the spans have " + count_of(static_cast<int64_t>(column.types.size()), "label") +
                    " (" + list_of(column.types) +
                    "), but the probabilities one column; every class needs its own",
                {.file = models.front().file});
  }
  for (Part& model : models) {
    if (!model.class_names.empty() || column.types.empty()) continue;
    model.class_names = column.types;
    model.name_origin = NameOrigin::kColumns;
  }
  return true;
}

/// B, I and O alone are the tags of one type that has no name.
bool are_bare_letters(const std::vector<std::string>& names, TagScheme scheme) {
  if (scheme == TagScheme::kPlain) return false;
  const std::vector<std::string> types = TagSet(names, scheme).types();
  return types.size() == 1 && types.front().empty();
}

}  // namespace

LabelColumn tags_of_spans(const SpanColumn& column, std::span<const int64_t> offsets,
                          std::vector<Part>& models, const TokenReadOptions& options) {
  const std::vector<std::string> names = known_names(models, options);
  std::vector<std::string> types = column.types;
  TagScheme scheme = TagScheme::kIob2;
  if (is_binary(column, models)) {
    scheme = TagScheme::kPlain;
  } else if (!names.empty()) {
    constexpr int64_t kNoTokens = 0;
    scheme = detect_tag_scheme(names, LabelsView(), Sentences(std::span(&kNoTokens, 1)));
    if (types.size() == 1 && are_bare_letters(names, scheme)) types.front().clear();
  }
  LabelColumn tags;
  tags.name = column.name;
  tags.is_text = true;
  LabelDictionary dictionary;
  const auto begin = column.spans.begin();
  for (size_t s = 0; s + 1 < offsets.size(); ++s) {
    const int64_t length = offsets[s + 1] - offsets[s];
    if (column.is_missing[s] != 0) {
      tags.codes.resize(tags.codes.size() + static_cast<size_t>(length), kMissingLabel);
      continue;
    }
    const std::span<const Span> spans(begin + column.offsets[s], begin + column.offsets[s + 1]);
    for (const std::string& tag : tags_from_spans(spans, types, length, scheme)) {
      tags.codes.push_back(dictionary.code_of(tag));
    }
  }
  tags.values = dictionary.take_values();
  return tags;
}

}  // namespace labelsieve::io
