// Labels that their scheme does not allow where they stand.
#include <optional>

#include "kernels/label_decode.h"
#include "labelsieve/tag_scheme.h"

namespace labelsieve {
namespace {

constexpr int32_t kNone = -1;  // no label: the sentence begins or ends

/// A label with its neighbours.
struct Place {
  int32_t before = kNone;
  int32_t label = 0;
  int32_t behind = kNone;
};

bool continues(const TagSet& tags, int32_t label, int32_t next) {
  return label != kNone && next != kNone && tags.needs_before(next) &&
         tags.can_precede(label, next);
}

/// The class of the same type that is legal between the neighbours.
int32_t suggestion(const TagSet& tags, const Place& place) {
  const Tag& tag = tags.tag(place.label);
  const bool follows = place.before != kNone && tags.can_precede(place.before, place.label);
  const bool goes_on = place.behind != kNone && tags.tag(place.behind).type == tag.type &&
                       (tags.tag(place.behind).role == TagRole::kInside ||
                        tags.tag(place.behind).role == TagRole::kEnd);
  TagRole role = TagRole::kInside;
  switch (tags.scheme()) {
    case TagScheme::kIob2: role = follows ? TagRole::kInside : TagRole::kBegin; break;
    case TagScheme::kIobes:
    case TagScheme::kBilou:
      role = follows ? (goes_on ? TagRole::kInside : TagRole::kEnd)
                     : (goes_on ? TagRole::kBegin : TagRole::kSingle);
      break;
    default: break;
  }
  return tags.label_of({role, tag.type});
}

std::optional<TagIssue> check(const TagSet& tags, const Place& place) {
  TagIssue issue;
  issue.given_label = place.label;
  if (tags.needs_before(place.label) &&
      (place.before == kNone || !tags.can_precede(place.before, place.label))) {
    issue.fault =
        tags.scheme() == TagScheme::kIob1 ? TagFault::kNeedlessBegin : TagFault::kNoBeginning;
    issue.neighbour_label = place.before;
  } else if (tags.needs_behind(place.label) && !continues(tags, place.label, place.behind)) {
    issue.fault = TagFault::kNoEnd;
    issue.neighbour_label = place.behind;
  } else {
    return std::nullopt;
  }
  issue.suggested_label = suggestion(tags, place);
  return issue;
}

}  // namespace

std::vector<TagIssue> find_illegal_tags(const TagSet& tags, const LabelsView& labels,
                                        const Sentences& sentences) {
  std::vector<TagIssue> issues;
  std::vector<int32_t> decoded;
  std::vector<int64_t> positions;  // of the tokens that are not ignored
  for (int64_t s = 0; s < sentences.size(); ++s) {
    decoded.resize(static_cast<size_t>(sentences.length(s)));
    decode_labels(labels, sentences.start(s), sentences.length(s), tags.num_classes(), 0,
                  decoded.data());
    positions.clear();
    for (size_t t = 0; t < decoded.size(); ++t) {
      if (decoded[t] == kIgnored) continue;
      decoded[positions.size()] = decoded[t];
      positions.push_back(static_cast<int64_t>(t));
    }
    for (size_t i = 0; i < positions.size(); ++i) {
      const Place place{i == 0 ? kNone : decoded[i - 1], decoded[i],
                        i + 1 == positions.size() ? kNone : decoded[i + 1]};
      if (auto issue = check(tags, place)) {
        issue->position = {s, positions[i]};
        issues.push_back(*issue);
      }
    }
  }
  return issues;
}

}  // namespace labelsieve
