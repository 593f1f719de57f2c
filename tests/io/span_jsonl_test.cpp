// Texts with spans in JSON lines: offsets, tokens, tags made of spans, and what is refused.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "io/io_files.h"
#include "labelsieve/read_tokens.h"
#include "labelsieve/span_classification.h"

namespace labelsieve::test {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

class SpanJsonlTest : public testing::Test {
 protected:
  TokenDataset read(const std::string& text, TokenReadOptions options = {}) {
    options.input = dir_.write("a.jsonl", text);
    return read_tokens(options);
  }
  std::string error(const std::string& text, const TokenReadOptions& options = {}) {
    return message_of([&] { read(text, options); });
  }
  static std::vector<std::string> tags_of(const TokenDataset& data) {
    std::vector<std::string> tags;
    for (const int32_t code : data.tags) {
      tags.push_back(code < 0 ? "(none)" : data.tag_names[static_cast<size_t>(code)]);
    }
    return tags;
  }
  /// An object with these members behind a text in which a character takes two bytes and another
  /// four, in UTF-16 two units: "Jörg 😀 saw New York."
  static std::string with_text(const std::string& members) {
    return "{\"text\": \"J\xC3\xB6rg \xF0\x9F\x98\x80 saw New York.\", " + members + "}\n";
  }
  TempDir dir_;
};

TEST_F(SpanJsonlTest, TextsAreCutIntoTokens) {
  const TokenDataset data =
      read(with_text("\"spans\": [{\"start\": 11, \"end\": 19, \"label\": \"LOC\", \"text\": \"New "
                     "York\"}, {\"start\": 0, \"end\": 4, \"label\": \"PER\"}]") +
           "{\"text\": \"\", \"spans\": []}\n{\"text\": \"No one\", \"spans\": []}\n");
  EXPECT_THAT(data.offsets, ElementsAre(0, 6, 6, 8));
  EXPECT_THAT(data.tokens, ElementsAre("J\xC3\xB6rg", "\xF0\x9F\x98\x80", "saw", "New", "York", ".",
                                       "No", "one"));
  EXPECT_THAT(tags_of(data), ElementsAre("B-PER", "O", "O", "B-LOC", "I-LOC", "O", "O", "O"));
  EXPECT_EQ(data.token_ranges[3], (ByteRange{15, 18}));
  EXPECT_EQ(data.texts[2], "No one");
  EXPECT_THAT(data.examples.notes, IsEmpty());
}

TEST_F(SpanJsonlTest, OffsetsCountWhatTheOptionSays) {
  const auto spans = [&](int start, int end) {
    return with_text("\"spans\": [[" + std::to_string(start) + ", " + std::to_string(end) +
                     ", \"LOC\"]]");
  };
  const auto expected = ElementsAre("O", "O", "O", "B-LOC", "I-LOC", "O");
  EXPECT_THAT(tags_of(read(spans(11, 19))), expected);
  EXPECT_THAT(tags_of(read(spans(15, 23), {.offset_unit = OffsetUnit::kUtf8Bytes})), expected);
  EXPECT_THAT(tags_of(read(spans(12, 20), {.offset_unit = OffsetUnit::kUtf16Units})), expected);
  EXPECT_THAT(error(spans(15, 23)), HasSubstr("the offset 23 is outside of the text"));
  EXPECT_THAT(error(spans(2, 23), {.offset_unit = OffsetUnit::kUtf8Bytes}),
              AllOf(HasSubstr("a.jsonl, line 1, column spans"), HasSubstr("within a character")));
}

TEST_F(SpanJsonlTest, SurfacesAreChecked) {
  EXPECT_THAT(error(with_text("\"spans\": [{\"start\": 12, \"end\": 20, \"label\": \"LOC\", "
                              "\"text\": \"New York\"}]")),
              AllOf(HasSubstr("a.jsonl, line 1, column spans: the span [12, 20) is \"ew York.\""),
                    HasSubstr("says \"New York\"")));
}

TEST_F(SpanJsonlTest, TokensMayBeGiven) {
  const std::string spans = ", \"spans\": [[11, 19, \"LOC\"]]";
  const auto expected = ElementsAre("O", "O", "B-LOC");
  const TokenDataset words =
      read(with_text("\"tokens\": [\"J\\u00f6rg\", \"saw\", \"New York.\"]" + spans));
  EXPECT_THAT(tags_of(words), expected);
  EXPECT_EQ(words.token_ranges[2], (ByteRange{15, 24}));
  EXPECT_THAT(words.examples.notes,
              ElementsAre(AllOf(HasSubstr("1 span of "), HasSubstr("within a token, the first in "
                                                                   "line 1"))));
  const TokenDataset placed = read(with_text(
      "\"tokens\": [{\"text\": \"J\", \"start\": 0, \"end\": 4}, {\"start\": 7, \"end\": 10}, "
      "{\"start\": 11, \"end\": 19}]" +
      spans));
  EXPECT_THAT(placed.tokens, ElementsAre("J\xC3\xB6rg", "saw", "New York"));
  EXPECT_THAT(tags_of(placed), expected);
  EXPECT_THAT(placed.examples.notes, IsEmpty());
  EXPECT_THAT(error(with_text("\"tokens\": [\"saw\", \"Joe\\n\"]" + spans)),
              AllOf(HasSubstr("line 1, column tokens: token 1, \"Joe\\n\", is not in the text")));
  EXPECT_THAT(error(with_text("\"tokens\": [{\"start\": 7, \"end\": 10}, {\"start\": 5, \"end\": "
                              "6}]" +
                              spans)),
              HasSubstr("token 1 is empty or begins before"));
  EXPECT_THAT(error(with_text("\"tokens\": [\"saw\"]" + spans)), HasSubstr("covers no token"));
}

TEST_F(SpanJsonlTest, TagsFollowTheClassNames) {
  const std::string text = with_text("\"spans\": [[11, 19, \"LOC\"], [0, 4, \"LOC\"]]");
  const auto tags = [&](std::vector<std::string> names) {
    return tags_of(read(text, {.class_names = std::move(names)}));
  };
  EXPECT_THAT(tags({"O", "B-LOC", "I-LOC", "E-LOC", "S-LOC"}),
              ElementsAre("S-LOC", "O", "O", "B-LOC", "E-LOC", "O"));
  EXPECT_THAT(tags({"O", "B-LOC", "I-LOC", "L-LOC", "U-LOC"}),
              ElementsAre("U-LOC", "O", "O", "B-LOC", "L-LOC", "O"));
  EXPECT_THAT(tags({"I-LOC", "O"}), ElementsAre("I-LOC", "O", "O", "I-LOC", "I-LOC", "O"));
  EXPECT_THAT(tags({"LOC", "O"}), ElementsAre("LOC", "O", "O", "LOC", "LOC", "O"));
  EXPECT_THAT(tags({"B", "I", "O"}), ElementsAre("B", "O", "O", "B", "I", "O"));
  EXPECT_THAT(error(text, {.class_names = {"O", "B-PER", "I-PER"}}),
              AllOf(HasSubstr("a.jsonl, line 1, column spans"), HasSubstr("\"B-LOC\"")));
}

TEST_F(SpanJsonlTest, OneColumnIsTheTypeItself) {
  const std::string probs = ", \"probs\": [0.9, 0, 0, 0.25, 1, 0]";
  const TokenDataset data =
      read(with_text("\"spans\": [[11, 19, \"LOC\"]]" + probs), {.class_names = {"O", "LOC"}});
  EXPECT_THAT(labels_of(data.examples), ElementsAre(0, 0, 0, 1, 1, 0));
  EXPECT_DOUBLE_EQ(probs_of(data.examples)[7], 0.25);
  const TokenDataset named = read(with_text("\"spans\": [[11, 19, \"LOC\"]]" + probs));
  EXPECT_THAT(named.examples.class_names, ElementsAre("O", "LOC"));
  EXPECT_THAT(labels_of(named.examples), ElementsAre(0, 0, 0, 1, 1, 0));
  EXPECT_THAT(error(with_text("\"spans\": [[0, 4, \"PER\"], [11, 19, \"LOC\"]]" + probs)),
              HasSubstr("the spans have 2 labels (PER, LOC), but the probabilities one column"));
}

TEST_F(SpanJsonlTest, OverlapsAndMissingSpans) {
  const std::string good = with_text("\"spans\": [[0, 4, \"PER\"], [0, 4, \"PER\"]]");
  EXPECT_THAT(tags_of(read(good)), ElementsAre("B-PER", "O", "O", "O", "O", "O"));
  const TokenReadOptions skip{.skip_invalid = true};
  for (const std::string& bad : {with_text("\"spans\": [[11, 19, \"LOC\"], [15, 19, \"LOC\"]]"),
                                 with_text("\"spans\": [[15, 19, \"LOC\"], [15, 19, \"PER\"]]"),
                                 with_text("\"spans\": null"), with_text("\"id\": 1")}) {
    EXPECT_THAT(error(good + bad),
                AllOf(HasSubstr("a.jsonl, line 2, column spans: "), HasSubstr("--skip-invalid")));
    const TokenDataset data = read(good + bad, skip);
    EXPECT_THAT(tags_of(data), ElementsAre("B-PER", "O", "O", "O", "O", "O", "(none)", "(none)",
                                           "(none)", "(none)", "(none)", "(none)"));
    EXPECT_EQ(data.examples.num_skipped, 6);
  }
  EXPECT_THAT(error(good + with_text("\"spans\": [[11, 19, \"LOC\"], [15, 19, \"LOC\"]]")),
              HasSubstr("share token 4 of the sentence"));
}

TEST_F(SpanJsonlTest, OtherValuesAreRefused) {
  const auto with = [&](const std::string& spans) {
    return error(with_text("\"entities\": " + spans));
  };
  EXPECT_THAT(with("[{\"start\": 0, \"label\": \"A\"}]"),
              HasSubstr("line 1, column entities: a span has no \"end\""));
  EXPECT_THAT(with("[{\"start\": -1, \"end\": 2, \"label\": \"A\"}]"),
              HasSubstr("the start of a span is no integer from 0"));
  EXPECT_THAT(with("[{\"start\": 0, \"end\": 2, \"label\": \"\"}]"), HasSubstr("has no label"));
  EXPECT_THAT(with("[[0, 2]]"), HasSubstr("neither {\"start\""));
  EXPECT_THAT(with("[[4, 4, \"A\"]]"), HasSubstr("[4, 4) is empty"));
  EXPECT_THAT(error("{\"spans\": []}\n"), HasSubstr("the spans have no text"));
  EXPECT_THAT(error("{\"text\": 1, \"spans\": []}\n"), HasSubstr("the text is no string"));
  EXPECT_THAT(error(with_text("\"spans\": []"), {.tag_key = "a", .span_key = "spans"}),
              HasSubstr("one of the two"));
  EXPECT_THAT(tags_of(read(with_text("\"label\": [[0, 4, \"PER\"]]"), {.span_key = "label"})),
              ElementsAre("B-PER", "O", "O", "O", "O", "O"));
}

TEST_F(SpanJsonlTest, AFileGoesThroughTheSpanEngine) {
  std::string text;
  const std::string ada =
      "{\"text\": \"Ada sings\", \"spans\": [[0, 3, \"PER\"]], \"probs\": "
      "[[0.1, 0.9, 0], [0.9, 0.05, 0.05]]}\n";
  for (int i = 0; i < 20; ++i) text += ada;
  text += "{\"text\": \"Ada sleeps\", \"spans\": [], \"probs\": [[0.1, 0.9, 0], [0.9, 0.1, 0]]}\n";
  const TokenDataset data = read(text, {.class_names = {"O", "B-PER", "I-PER"}});
  MemorySource source(data.examples.labels, data.examples.pred_probs[0]);
  const TagSet tags(data.examples.class_names, TagScheme::kIob2);
  const SpanIssues found = find_span_issues(source, data.sentences(), tags);
  ASSERT_EQ(found.issues.size(), 1u);
  EXPECT_EQ(found.issues[0].type, SpanIssueType::kMissing);
  EXPECT_EQ(found.issues[0].sentence, 20);
  EXPECT_EQ(found.issues[0].suggested, (Span{0, 1, 0}));
}

}  // namespace
}  // namespace labelsieve::test
