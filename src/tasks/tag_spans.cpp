#include "tasks/tag_spans.h"

#include <algorithm>
#include <string>

#include "base/refuse_argument.h"
#include "kernels/label_decode.h"

namespace labelsieve {
namespace {

[[noreturn]] void refuse(const Span& span, const std::string& why) {
  refuse_argument("the span [" + std::to_string(span.start) + ", " + std::to_string(span.end) +
                  ") " + why);
}

std::string tag_name(char letter, const std::string& type) {
  return type.empty() ? std::string(1, letter) : std::string{letter, '-'} + type;
}

/// The letter of the token at `position` of a span; `touches` says whether one of the same type
/// ends where it starts.
char letter_of(const Span& span, int64_t position, bool touches, TagScheme scheme) {
  const bool is_first = position == span.start;
  const bool is_last = position + 1 == span.end;
  switch (scheme) {
    case TagScheme::kIob1: return is_first && touches ? 'B' : 'I';
    case TagScheme::kIobes: return is_first ? (is_last ? 'S' : 'B') : (is_last ? 'E' : 'I');
    case TagScheme::kBilou: return is_first ? (is_last ? 'U' : 'B') : (is_last ? 'L' : 'I');
    default: return is_first ? 'B' : 'I';
  }
}

}  // namespace

std::vector<Span> form_spans(const TagSet& tags, std::span<const int32_t> labels) {
  std::vector<Span> spans;
  Tag before;  // as if the sentence came after a token outside
  for (size_t i = 0; i < labels.size(); ++i) {
    if (labels[i] == kIgnored) continue;
    const Tag& tag = tags.tag(labels[i]);
    const auto position = static_cast<int64_t>(i);
    if (tag.role != TagRole::kOutside) {
      const bool begins = tag.role == TagRole::kBegin || tag.role == TagRole::kSingle ||
                          tag.type != before.type || before.role == TagRole::kEnd ||
                          before.role == TagRole::kSingle;
      if (begins) spans.push_back({position, position, tag.type});
      spans.back().end = position + 1;
    }
    before = tag;
  }
  return spans;
}

std::vector<Span> spans_from_labels(const TagSet& tags, const LabelsView& sentence_labels) {
  std::vector<int32_t> labels(static_cast<size_t>(sentence_labels.size));
  decode_labels(sentence_labels, 0, sentence_labels.size, tags.num_classes(), 0, labels.data());
  return form_spans(tags, labels);
}

std::vector<std::string> tags_from_spans(std::span<const Span> spans,
                                         std::span<const std::string> types, int64_t num_tokens,
                                         TagScheme scheme) {
  std::vector<Span> sorted(spans.begin(), spans.end());
  std::sort(sorted.begin(), sorted.end(),
            [](const Span& a, const Span& b) { return a.start < b.start; });
  std::vector<std::string> names(static_cast<size_t>(std::max<int64_t>(num_tokens, 0)), "O");
  Span before{0, 0, -1};
  for (const Span& span : sorted) {
    if (span.start < before.end) refuse(span, "overlaps another or begins outside the sentence");
    if (span.end <= span.start) refuse(span, "is empty");
    if (span.end > num_tokens) {
      refuse(span, "ends behind the " + std::to_string(num_tokens) + " tokens of its sentence");
    }
    if (span.type < 0 || static_cast<size_t>(span.type) >= types.size()) {
      refuse(span, "is of type " + std::to_string(span.type) + ", which has no name");
    }
    const std::string& type = types[static_cast<size_t>(span.type)];
    const bool touches = before.end == span.start && before.type == span.type;
    for (int64_t t = span.start; t < span.end; ++t) {
      names[static_cast<size_t>(t)] =
          scheme == TagScheme::kPlain ? type : tag_name(letter_of(span, t, touches, scheme), type);
    }
    before = span;
  }
  return names;
}

}  // namespace labelsieve
