// Class names taken apart, and which scheme they are in.
#include <algorithm>
#include <optional>
#include <string_view>

#include "base/refuse_argument.h"
#include "kernels/label_decode.h"
#include "labelsieve/tag_scheme.h"

namespace labelsieve {
namespace {

struct Prefix {
  char letter;
  TagRole role;
};

std::span<const Prefix> prefixes_of(TagScheme scheme) {
  static constexpr Prefix kIob[] = {{'B', TagRole::kBegin}, {'I', TagRole::kInside}};
  static constexpr Prefix kIobes[] = {{'B', TagRole::kBegin},
                                      {'I', TagRole::kInside},
                                      {'E', TagRole::kEnd},
                                      {'S', TagRole::kSingle}};
  static constexpr Prefix kBilou[] = {{'B', TagRole::kBegin},
                                      {'I', TagRole::kInside},
                                      {'L', TagRole::kEnd},
                                      {'U', TagRole::kSingle}};
  switch (scheme) {
    case TagScheme::kPlain: return {};
    case TagScheme::kIobes: return kIobes;
    case TagScheme::kBilou: return kBilou;
    default: return kIob;
  }
}

constexpr std::string_view kLetters = "BIESLU";
constexpr std::string_view kOutsideName = "O";

bool is_letter(char c) { return kLetters.find(c) != std::string_view::npos; }

/// The prefix of a name, which may be all of it where bare letters are tags.
std::optional<char> prefix_of(std::string_view name, bool bare_letters) {
  if (name.empty() || !is_letter(name[0])) return std::nullopt;
  if (name.size() == 1) return bare_letters ? std::optional(name[0]) : std::nullopt;
  return name[1] == '-' ? std::optional(name[0]) : std::nullopt;
}

/// Whether names of one letter are tags of a single type, as B, I and O: when all names are.
bool has_bare_letters(std::span<const std::string> names) {
  const auto is_tag = [](std::string_view name) {
    return name == kOutsideName || (name.size() == 1 && is_letter(name[0]));
  };
  return std::all_of(names.begin(), names.end(), is_tag) &&
         std::find(names.begin(), names.end(), kOutsideName) != names.end();
}

TagRole role_of(char letter, std::string_view name, TagScheme scheme) {
  for (const Prefix& prefix : prefixes_of(scheme)) {
    if (prefix.letter == letter) return prefix.role;
  }
  refuse_argument("the class " + std::string(name) + " has a prefix that " +
                  (scheme == TagScheme::kIobes   ? "IOBES"
                   : scheme == TagScheme::kBilou ? "BILOU"
                   : scheme == TagScheme::kIob1  ? "IOB1"
                                                 : "IOB2") +
                  " does not have; give the scheme that the labels are in");
}

/// Starts of spans that tell kIob1 from kIob2.
struct Starts {
  int64_t by_begin = 0;   // B- where kIob1 would have I-
  int64_t by_inside = 0;  // I- where kIob2 would have B-

  void count(const TagSet& tags, std::span<const int32_t> labels) {
    Tag before;
    for (const int32_t label : labels) {
      if (label == kIgnored) continue;
      const Tag& tag = tags.tag(label);
      if (tag.role != TagRole::kOutside && tag.type != before.type) {
        by_begin += tag.role == TagRole::kBegin;
        by_inside += tags.needs_before(label);  // not where the type has no B-
      }
      before = tag;
    }
  }
};

}  // namespace

TagSet::TagSet(std::span<const std::string> class_names, TagScheme scheme) : scheme_(scheme) {
  const bool bare_letters = scheme != TagScheme::kPlain && has_bare_letters(class_names);
  for (const std::string& name : class_names) {
    Tag& tag = tags_.emplace_back();
    if (name == kOutsideName) continue;
    std::string type = name;
    tag.role = TagRole::kInside;
    const auto prefix = scheme == TagScheme::kPlain ? std::nullopt : prefix_of(name, bare_letters);
    if (prefix) {
      tag.role = role_of(*prefix, name, scheme);
      type = name.substr(std::min<size_t>(2, name.size()));
    }
    const auto found = std::find(types_.begin(), types_.end(), type);
    tag.type = static_cast<int32_t>(found - types_.begin());
    if (found == types_.end()) types_.push_back(std::move(type));
  }
  // A type is only asked for a beginning and an end where it has classes for them.
  for (const Tag& tag : tags_) {
    Needs& needs = needs_.emplace_back();
    const bool may_begin = label_of({TagRole::kBegin, tag.type}) >= 0;
    const bool may_end = label_of({TagRole::kEnd, tag.type}) >= 0;
    const bool is_inside = tag.role == TagRole::kInside && may_begin;
    switch (scheme) {
      case TagScheme::kPlain: break;
      case TagScheme::kIob1: needs.before = tag.role == TagRole::kBegin; break;
      case TagScheme::kIob2: needs.before = is_inside; break;
      default:
        needs.before = is_inside || (tag.role == TagRole::kEnd && may_begin);
        needs.behind = may_end && (is_inside || tag.role == TagRole::kBegin);
    }
  }
}

int32_t TagSet::label_of(const Tag& tag) const {
  const auto found = std::find(tags_.begin(), tags_.end(), tag);
  return found == tags_.end() ? -1 : static_cast<int32_t>(found - tags_.begin());
}

bool TagSet::can_precede(int64_t label, int64_t next) const {
  const Tag& before = tag(label);
  if (before.type != tag(next).type) return false;
  return scheme_ == TagScheme::kIob1 || before.role == TagRole::kBegin ||
         before.role == TagRole::kInside;
}

TagScheme detect_tag_scheme(std::span<const std::string> class_names, const LabelsView& labels,
                            const Sentences& sentences) {
  const bool bare_letters = has_bare_letters(class_names);
  std::string used;
  for (const std::string& name : class_names) {
    if (const auto prefix = prefix_of(name, bare_letters)) used += *prefix;
  }
  const bool has_iobes = used.find_first_of("ES") != std::string::npos;
  const bool has_bilou = used.find_first_of("LU") != std::string::npos;
  if (used.empty() || (has_iobes && has_bilou)) return TagScheme::kPlain;
  if (has_iobes) return TagScheme::kIobes;
  if (has_bilou) return TagScheme::kBilou;
  if (used.find('B') == std::string::npos) return TagScheme::kIob1;
  const TagSet tags(class_names, TagScheme::kIob2);
  Starts starts;
  std::vector<int32_t> decoded;
  for (int64_t s = 0; s < sentences.size(); ++s) {
    decoded.resize(static_cast<size_t>(sentences.length(s)));
    decode_labels(labels, sentences.start(s), sentences.length(s), tags.num_classes(), 0,
                  decoded.data());
    starts.count(tags, decoded);
  }
  return starts.by_inside > starts.by_begin ? TagScheme::kIob1 : TagScheme::kIob2;
}

}  // namespace labelsieve
