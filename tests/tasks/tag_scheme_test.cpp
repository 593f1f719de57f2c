// Tag schemes: names, detection, spans, tags, and what is not legal.
#include "labelsieve/tag_scheme.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include "support/errors.h"
#include "tasks/corpus.h"
#include "tasks/print_span.h"

namespace {

using labelsieve::detect_tag_scheme;
using labelsieve::ErrorCode;
using labelsieve::LabelsView;
using labelsieve::Sentences;
using labelsieve::Span;
using labelsieve::TagFault;
using labelsieve::TagIssue;
using labelsieve::TagRole;
using labelsieve::TagScheme;
using labelsieve::TagSet;
using test_support::expect_error;
using Names = std::vector<std::string>;
using Labels = std::vector<int64_t>;
using Spans = std::vector<Span>;

const Names kIobNames = {"O", "B-PER", "I-PER", "B-LOC", "I-LOC"};
const Names kIobesNames = {"O",     "B-PER", "I-PER", "E-PER", "S-PER",
                           "B-LOC", "I-LOC", "E-LOC", "S-LOC"};
const Names kBilouNames = {"O",     "B-PER", "I-PER", "L-PER", "U-PER",
                           "B-LOC", "I-LOC", "L-LOC", "U-LOC"};
const Names kPlainNames = {"O", "PER", "LOC"};

const Names& names_of(TagScheme scheme) {
  switch (scheme) {
    case TagScheme::kPlain: return kPlainNames;
    case TagScheme::kIobes: return kIobesNames;
    case TagScheme::kBilou: return kBilouNames;
    default: return kIobNames;
  }
}

constexpr TagScheme kSchemes[] = {TagScheme::kPlain, TagScheme::kIob1, TagScheme::kIob2,
                                  TagScheme::kIobes, TagScheme::kBilou};

/// -100 is ignored.
LabelsView view(const Labels& labels) {
  LabelsView view(labels.data(), static_cast<int64_t>(labels.size()));
  view.ignore_label = -100;
  return view;
}

Labels labels_from(const Names& tags, const Names& class_names) {
  Labels labels;
  for (const std::string& tag : tags) {
    const auto found = std::find(class_names.begin(), class_names.end(), tag);
    EXPECT_NE(class_names.end(), found) << tag;
    labels.push_back(found - class_names.begin());
  }
  return labels;
}

TagScheme detect(const Names& names, const Labels& labels, std::vector<int64_t> offsets = {}) {
  if (offsets.empty()) offsets = {0, static_cast<int64_t>(labels.size())};
  return detect_tag_scheme(names, view(labels), Sentences(offsets));
}

std::vector<TagIssue> illegal(const TagSet& tags, const Labels& labels) {
  const std::vector<int64_t> offsets = {0, 0, static_cast<int64_t>(labels.size())};
  return find_illegal_tags(tags, view(labels), Sentences(offsets));
}

TEST(TagSet, TakesNamesApart) {
  const TagSet tags(kIobesNames, TagScheme::kIobes);
  EXPECT_EQ((Names{"PER", "LOC"}), tags.types());
  EXPECT_EQ((labelsieve::Tag{TagRole::kOutside, -1}), tags.tag(0));
  EXPECT_EQ((labelsieve::Tag{TagRole::kEnd, 0}), tags.tag(3));
  EXPECT_EQ((labelsieve::Tag{TagRole::kSingle, 1}), tags.tag(8));
  EXPECT_EQ(5, tags.label_of({TagRole::kBegin, 1}));
  EXPECT_EQ(-1, tags.label_of({TagRole::kBegin, 2}));
  const Names bare = {"B", "I", "O"};
  EXPECT_EQ(Names{""}, TagSet(bare, TagScheme::kIob2).types());
  const Names mixed = {"O", "B-PER", "I-PER", "MISC", "B-a-b", "X-Y"};
  const TagSet both(mixed, TagScheme::kIob2);
  EXPECT_EQ((Names{"PER", "MISC", "a-b", "X-Y"}), both.types());
  EXPECT_FALSE(both.needs_before(3));  // it has no beginning that could be before it
  EXPECT_TRUE(both.needs_before(2));
  EXPECT_EQ((Names{"B-PER", "I-PER"}),
            TagSet(Names{"O", "B-PER", "I-PER"}, TagScheme::kPlain).types());
}

TEST(TagSet, RefusesPrefixesOfOtherSchemes) {
  expect_error(ErrorCode::kInvalidArgument, "E-PER has a prefix that IOB2 does not have",
               [] { TagSet(kIobesNames, TagScheme::kIob2); });
  expect_error(ErrorCode::kInvalidArgument, "BILOU",
               [] { TagSet(kIobesNames, TagScheme::kBilou); });
}

TEST(DetectTagScheme, ByNamesAndThenByStarts) {
  EXPECT_EQ(TagScheme::kIobes, detect(kIobesNames, {}));
  EXPECT_EQ(TagScheme::kBilou, detect(kBilouNames, {}));
  EXPECT_EQ(TagScheme::kPlain, detect(kPlainNames, {}));
  EXPECT_EQ(TagScheme::kPlain, detect({"NOUN", "VERB", "X", "I", "ADV"}, {}));
  EXPECT_EQ(TagScheme::kIob2, detect({"O", "B", "I"}, {0, 1, 2}));
  EXPECT_EQ(TagScheme::kIob1, detect({"O", "I-PER"}, {0, 1}));
  EXPECT_EQ(TagScheme::kIob2, detect(kIobNames, {}));
  EXPECT_EQ(TagScheme::kIob2, detect(kIobNames, {0, 1, 2, 0, 4, 0, 3}));     // one orphan of three
  EXPECT_EQ(TagScheme::kIob1, detect(kIobNames, {2, 2, 1, 2, 0, 4, 0, 3}));  // B- only to part
  EXPECT_EQ(TagScheme::kIob1, detect(kIobNames, {2, 2}, {0, 1, 2}));  // a sentence ends a span
  EXPECT_EQ(TagScheme::kIob2, detect(kIobNames, {1, -100, 2}));
  expect_error(ErrorCode::kInvalidData, "label 7", [] { detect(kIobNames, {0, 7}); });
}

TEST(SpansFromLabels, WhateverTheTagsSay) {
  const TagSet iob(kIobNames, TagScheme::kIob2);
  const auto spans = [&](const Labels& labels) { return spans_from_labels(iob, view(labels)); };
  EXPECT_EQ((Spans{{0, 2, 0}, {2, 3, 0}, {4, 5, 1}}), spans({1, 2, 1, 0, 3}));
  EXPECT_EQ((Spans{{0, 1, 0}, {1, 3, 1}}), spans({2, 4, 4}));  // orphans
  EXPECT_EQ((Spans{{0, 1, 0}, {1, 2, 1}}), spans({1, 4}));     // another type
  EXPECT_EQ((Spans{{0, 3, 0}}), spans({1, -100, 2, -100}));    // ignored ones
  EXPECT_EQ((Spans{{1, 2, 0}, {3, 4, 0}}), spans({-100, 1, 0, 2}));
  EXPECT_EQ(Spans{}, spans({}));
  const TagSet iobes(kIobesNames, TagScheme::kIobes);
  EXPECT_EQ((Spans{{0, 1, 0}, {1, 3, 0}, {3, 5, 0}}),
            spans_from_labels(iobes, view({4, 2, 3, 2, 1 + 2})));  // S I E I E
  const TagSet plain(kPlainNames, TagScheme::kPlain);
  EXPECT_EQ((Spans{{0, 2, 0}, {2, 3, 1}}), spans_from_labels(plain, view({1, 1, 2, 0})));
}

/// Random spans of two types in a sentence; in plain tags two of a type never touch.
Spans random_spans(int64_t tokens, bool may_touch, std::mt19937_64& random) {
  Spans spans;
  int64_t at = 0;
  while (true) {
    int64_t start = at + static_cast<int64_t>(random() % 3);
    const auto type = static_cast<int32_t>(random() % 2);
    if (!may_touch && !spans.empty() && start == spans.back().end && spans.back().type == type) {
      ++start;
    }
    const int64_t end = start + 1 + static_cast<int64_t>(random() % 4);
    if (end > tokens) return spans;
    spans.push_back({start, end, type});
    at = end;
  }
}

TEST(TagsFromSpans, RoundTripInEveryScheme) {
  std::mt19937_64 random(3);
  for (const TagScheme scheme : kSchemes) {
    const TagSet tags(names_of(scheme), scheme);
    for (int repeat = 0; repeat < 500; ++repeat) {
      const auto tokens = static_cast<int64_t>(random() % 20);
      const Spans spans = random_spans(tokens, scheme != TagScheme::kPlain, random);
      Spans shuffled = spans;
      std::shuffle(shuffled.begin(), shuffled.end(), random);
      const Names written = tags_from_spans(shuffled, tags.types(), tokens, scheme);
      ASSERT_EQ(static_cast<size_t>(tokens), written.size());
      const Labels labels = labels_from(written, names_of(scheme));
      EXPECT_EQ(spans, spans_from_labels(tags, view(labels)));
      EXPECT_TRUE(illegal(tags, labels).empty());
    }
  }
}

TEST(TagsFromSpans, Iob2UnlessAskedOtherwise) {
  const Names types = {"PER", ""};
  const Spans spans = {{0, 2, 0}, {2, 3, 0}, {4, 6, 1}};
  EXPECT_EQ((Names{"B-PER", "I-PER", "B-PER", "O", "B", "I"}), tags_from_spans(spans, types, 6));
  EXPECT_EQ((Names{"I-PER", "I-PER", "B-PER", "O", "I", "I"}),
            tags_from_spans(spans, types, 6, TagScheme::kIob1));
  EXPECT_EQ((Names{"B-PER", "L-PER", "U-PER", "O", "B", "L"}),
            tags_from_spans(spans, types, 6, TagScheme::kBilou));
}

TEST(TagsFromSpans, RefusesSpansThatCannotBe) {
  const Names types = {"PER"};
  const auto write = [&](const Spans& spans) { tags_from_spans(spans, types, 4); };
  expect_error(ErrorCode::kInvalidArgument, "[1, 3) overlaps",
               [&] { write({{1, 3, 0}, {0, 2, 0}}); });
  expect_error(ErrorCode::kInvalidArgument, "[2, 2) is empty", [&] { write({{2, 2, 0}}); });
  expect_error(ErrorCode::kInvalidArgument, "ends behind the 4", [&] { write({{3, 5, 0}}); });
  expect_error(ErrorCode::kInvalidArgument, "begins outside", [&] { write({{-1, 1, 0}}); });
  expect_error(ErrorCode::kInvalidArgument, "type 1", [&] { write({{0, 1, 1}}); });
}

/// One issue of the second sentence.
void expect_issue(const TagIssue& issue, int64_t token, TagFault fault, int32_t neighbour,
                  int32_t suggested) {
  EXPECT_EQ(1, issue.position.sentence);
  EXPECT_EQ(token, issue.position.token);
  EXPECT_EQ(fault, issue.fault);
  EXPECT_EQ(neighbour, issue.neighbour_label);
  EXPECT_EQ(suggested, issue.suggested_label);
}

TEST(IllegalTags, Iob2) {
  const TagSet tags(kIobNames, TagScheme::kIob2);
  const auto issues = illegal(tags, {2, 2, 0, 1, 4, -100, 4});
  ASSERT_EQ(2U, issues.size());
  expect_issue(issues[0], 0, TagFault::kNoBeginning, -1, 1);
  expect_issue(issues[1], 4, TagFault::kNoBeginning, 1, 3);
}

TEST(IllegalTags, Iob1) {
  const TagSet tags(kIobNames, TagScheme::kIob1);
  const auto issues = illegal(tags, {1, 2, 1, 0, 3, 4, 2});
  ASSERT_EQ(2U, issues.size());
  expect_issue(issues[0], 0, TagFault::kNeedlessBegin, -1, 2);
  expect_issue(issues[1], 4, TagFault::kNeedlessBegin, 0, 4);
}

TEST(IllegalTags, IobesAndBilou) {
  for (const TagScheme scheme : {TagScheme::kIobes, TagScheme::kBilou}) {
    const TagSet tags(names_of(scheme), scheme);
    EXPECT_TRUE(illegal(tags, {1, 2, 3, 4, 5, 7, 0}).empty());
    const auto issues = illegal(tags, {1, 0, 2, 3, 3, 1, 5});
    ASSERT_EQ(5U, issues.size());
    expect_issue(issues[0], 0, TagFault::kNoEnd, 0, 4);        // B O: a single
    expect_issue(issues[1], 2, TagFault::kNoBeginning, 0, 1);  // O I E: the I begins
    expect_issue(issues[2], 4, TagFault::kNoBeginning, 3, 4);  // E E: a single
    expect_issue(issues[3], 5, TagFault::kNoEnd, 5, 4);        // B-PER B-LOC
    expect_issue(issues[4], 6, TagFault::kNoEnd, -1, 8);       // B at the end
  }
}

TEST(IllegalTags, PlainNamesAllowAll) {
  std::mt19937_64 random(1);
  const TagSet tags(kPlainNames, TagScheme::kPlain);
  EXPECT_TRUE(illegal(tags, tasks_test::random_labels(1000, 3, random)).empty());
}

}  // namespace
