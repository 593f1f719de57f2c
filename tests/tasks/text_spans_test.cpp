// Offsets into text, and the tokens that spans of text cover.
#include "labelsieve/text_spans.h"

#include <gtest/gtest.h>

#include <string>

#include "support/errors.h"

namespace {

using labelsieve::ByteRange;
using labelsieve::convert_offsets;
using labelsieve::covered_tokens;
using labelsieve::ErrorCode;
using labelsieve::OffsetUnit;
using test_support::expect_error;
using Offsets = std::vector<int64_t>;

// One character each of 1, 2, 3 and 4 bytes: 4 code points, 10 bytes, 5 units of UTF-16.
constexpr std::string_view kText = "a\xC3\xA9\xE2\x82\xAC\xF0\x9F\x98\x80";
const Offsets kPlaces[] = {{0, 1, 2, 3, 4}, {0, 1, 3, 6, 10}, {0, 1, 2, 3, 5}};
constexpr OffsetUnit kUnits[] = {OffsetUnit::kCodePoints, OffsetUnit::kUtf8Bytes,
                                 OffsetUnit::kUtf16Units};

TEST(ConvertOffsets, BetweenAllUnitsInAnyOrder) {
  for (size_t from = 0; from < 3; ++from) {
    for (size_t to = 0; to < 3; ++to) {
      EXPECT_EQ(kPlaces[to], convert_offsets(kText, kPlaces[from], kUnits[from], kUnits[to]));
      const Offsets backwards(kPlaces[from].rbegin(), kPlaces[from].rend());
      EXPECT_EQ(Offsets(kPlaces[to].rbegin(), kPlaces[to].rend()),
                convert_offsets(kText, backwards, kUnits[from], kUnits[to]));
    }
  }
  EXPECT_EQ(Offsets{0}, convert_offsets("", Offsets{0}, kUnits[0], kUnits[1]));
}

TEST(ConvertOffsets, RefusesWhatIsNoPlace) {
  const auto convert = [](int64_t offset, OffsetUnit from) {
    convert_offsets(kText, Offsets{offset}, from, OffsetUnit::kUtf8Bytes);
  };
  for (const OffsetUnit unit : kUnits) {
    expect_error(ErrorCode::kInvalidData, "offset 11 is outside", [&] { convert(11, unit); });
    expect_error(ErrorCode::kInvalidData, "offset -1 is outside", [&] { convert(-1, unit); });
  }
  expect_error(ErrorCode::kInvalidData, "offset 2 is within a character",
               [&] { convert(2, OffsetUnit::kUtf8Bytes); });
  expect_error(ErrorCode::kInvalidData, "offset 4 is within a character",
               [&] { convert(4, OffsetUnit::kUtf16Units); });
  expect_error(ErrorCode::kInvalidData, "not UTF-8", [] {
    convert_offsets("\xC3", Offsets{0}, OffsetUnit::kCodePoints, OffsetUnit::kUtf8Bytes);
  });
}

TEST(LocateTokens, OneBehindTheOther) {
  const std::string text = "to be, or not to be";
  const std::vector<std::string_view> tokens = {"to", "be", ",", "or", "not", "to", "be"};
  const auto ranges = labelsieve::locate_tokens(text, tokens);
  ASSERT_EQ(tokens.size(), ranges.size());
  for (size_t t = 0; t < tokens.size(); ++t) {
    EXPECT_EQ(tokens[t], text.substr(ranges[t].start, ranges[t].end - ranges[t].start));
  }
  EXPECT_EQ((ByteRange{14, 16}), ranges[5]);
  const std::vector<std::string_view> wrong = {"be", "to", "or"};
  expect_error(ErrorCode::kInvalidData, "token 2, \"or\"",
               [&] { labelsieve::locate_tokens(text, wrong); });
  expect_error(ErrorCode::kInvalidData, "token 0",
               [&] { labelsieve::locate_tokens(text, std::vector<std::string_view>{""}); });
}

TEST(SplitIntoTokens, RunsOfLettersAndSingleSigns) {
  const auto words = [](const std::string& text) {
    std::vector<std::string> found;
    for (const ByteRange& range : labelsieve::split_into_tokens(text)) {
      found.push_back(text.substr(static_cast<size_t>(range.start),
                                  static_cast<size_t>(range.end - range.start)));
    }
    return found;
  };
  using Words = std::vector<std::string>;
  EXPECT_EQ(Words{}, words(""));
  EXPECT_EQ(Words{}, words(" \t\r\n\u00A0\u2003\u3000"));
  EXPECT_EQ((Words{"It", "'", "s", "3", ".", "5", "a_b"}), words("It's 3.5 a_b"));
  EXPECT_EQ((Words{"\u201C", "J\u00F6rg", "\u201D", "\u2013", "\u00BF"}),
            words("\u201CJ\u00F6rg\u201D\u2013\u00BF"));
  EXPECT_EQ((Words{"\u6771\u4EAC", "\u3002", "\u00B5m", "\U0001F600"}),
            words("\u6771\u4EAC\u3002\u00B5m \U0001F600"));
  expect_error(ErrorCode::kInvalidData, "not UTF-8",
               [&] { labelsieve::split_into_tokens("a\xFF"); });
}

TEST(CoveredTokens, ThoseThatShareAByte) {
  const std::vector<ByteRange> tokens = {{0, 2}, {3, 5}, {5, 6}, {8, 10}};
  const auto expect = [&](const ByteRange& span, int64_t start, int64_t end, bool is_exact) {
    const auto covered = covered_tokens(span, tokens);
    EXPECT_EQ(start, covered.start);
    EXPECT_EQ(end, covered.end);
    EXPECT_EQ(is_exact, covered.is_exact);
  };
  expect({0, 2}, 0, 1, true);
  expect({3, 6}, 1, 3, true);
  expect({1, 4}, 0, 2, false);
  expect({2, 3}, 1, 1, false);
  expect({2, 5}, 1, 2, false);
  expect({3, 10}, 1, 4, true);
  expect({20, 30}, 4, 4, false);
}

}  // namespace
