// Tags of spans: schemes, spans from any of them, tags from spans, transitions that are not legal.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "labelsieve/labels.h"
#include "labelsieve/sentences.h"

namespace labelsieve {

/// How class names stand for spans. "O" is outside of all in each of them.
enum class TagScheme : uint8_t {
  kPlain,  ///< A name is a type; neighbours of one type are one span.
  kIob1,   ///< I-type; B-type only at the start of a span right behind one of the same type.
  kIob2,   ///< B-type starts a span, I-type continues it. Often called BIO.
  kIobes,  ///< As kIob2, with E-type for the last token and S-type for a span of one.
  kBilou,  ///< The same with L for E and U for S.
};

/// The part of a span that a token is.
enum class TagRole : uint8_t { kOutside, kBegin, kInside, kEnd, kSingle };

/// A class name, taken apart.
struct Tag {
  TagRole role = TagRole::kOutside;
  int32_t type = -1;  ///< Index into TagSet::types(); -1 outside.

  friend bool operator==(const Tag&, const Tag&) = default;
};

/// Tokens [start, end) of a sentence that are one thing of a type. Positions from 0.
struct Span {
  int64_t start = 0;
  int64_t end = 0;
  int32_t type = 0;  ///< Index into TagSet::types().

  friend bool operator==(const Span&, const Span&) = default;
};

/// What class names mean under a scheme: "B-PER" the beginning of a span of type "PER", a bare "B"
/// that of the type "". A name without a prefix is a type of its own, all of whose tokens are
/// inside. A value.
class TagSet {
 public:
  /// Throws Error{kInvalidArgument} for a prefix that the scheme does not have, as E- in kIob2.
  TagSet(std::span<const std::string> class_names, TagScheme scheme);

  TagScheme scheme() const { return scheme_; }
  int64_t num_classes() const { return static_cast<int64_t>(tags_.size()); }
  const Tag& tag(int64_t label) const { return tags_[static_cast<size_t>(label)]; }
  /// In the order of their first class.
  const std::vector<std::string>& types() const { return types_; }
  /// The class of a tag, -1 if there is none.
  int32_t label_of(const Tag& tag) const;

  /// Whether a token of class `label` has to have one of its span before it, or behind it.
  bool needs_before(int64_t label) const { return needs_[static_cast<size_t>(label)].before; }
  bool needs_behind(int64_t label) const { return needs_[static_cast<size_t>(label)].behind; }
  /// Whether `label` can be what `next`, which needs one before it, needs.
  bool can_precede(int64_t label, int64_t next) const;

 private:
  struct Needs {
    bool before = false;
    bool behind = false;
  };

  TagScheme scheme_;
  std::vector<Tag> tags_;
  std::vector<std::string> types_;
  std::vector<Needs> needs_;
};

/// The scheme of a corpus. The prefixes tell all but kIob1 from kIob2; there it is what most spans
/// begin with (B- though none of the same type is before them: kIob2; I-: kIob1; as many: kIob2).
/// kPlain when no name, or names of several schemes, have a prefix. Throws Error{kInvalidData} for
/// labels outside 0..K-1. Cost: for those two one look at each label.
TagScheme detect_tag_scheme(std::span<const std::string> class_names, const LabelsView& labels,
                            const Sentences& sentences);

/// The spans of one sentence, in order, whether its tags are legal or not: a token begins one if
/// its role says so, if its type is not that of the token before, or if that one ended a span.
/// Ignored tokens are passed over: they end no span, and are within one that continues behind them.
std::vector<Span> spans_from_labels(const TagSet& tags, const LabelsView& sentence_labels);

/// The tags of a sentence of `num_tokens` tokens with these spans, in IOB2 unless another scheme is
/// asked for; spans may come in any order. Throws Error{kInvalidArgument} for spans that overlap,
/// are empty, reach outside of the sentence or are of no type in `types`.
std::vector<std::string> tags_from_spans(std::span<const Span> spans,
                                         std::span<const std::string> types, int64_t num_tokens,
                                         TagScheme scheme = TagScheme::kIob2);

/// What is not legal about a tag.
enum class TagFault : uint8_t {
  kNoBeginning,    ///< It continues a span that is not there, as in O I-PER (kIob2).
  kNoEnd,          ///< The span goes on, but the next token does not continue it (kIobes, kBilou).
  kNeedlessBegin,  ///< B-type without a span of the type right before it (kIob1).
};

/// A label that is not legal where it stands.
struct TagIssue {
  TokenPosition position;
  TagFault fault = TagFault::kNoBeginning;
  int32_t given_label = 0;
  int32_t neighbour_label = -1;  ///< The label it does not fit to, before it, for kNoEnd behind it;
                                 ///< -1 where the sentence begins or ends.
  int32_t suggested_label = -1;  ///< A class that is legal there, for the same type; -1: none is.
};

/// All labels that the scheme does not allow where they stand, in order; ignored tokens are passed
/// over. Throws Error{kInvalidData} for labels outside 0..K-1. Cost: one look at each label.
std::vector<TagIssue> find_illegal_tags(const TagSet& tags, const LabelsView& labels,
                                        const Sentences& sentences);

}  // namespace labelsieve
