// Numbers in text.
#include "io/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <iterator>
#include <limits>
#include <random>
#include <string>

#include "io/plain_fraction.h"

namespace labelsieve::io {
namespace {

/// What std::from_chars reads, to the last bit.
void agrees(const std::string& text) {
  double value = -7;
  double expected = -7;
  const char* const end = text.data() + text.size();
  const auto parsed = std::from_chars(text.data(), end, expected);
  if (parsed.ec == std::errc::result_out_of_range) return;
  EXPECT_EQ(parse_number_at(text.data(), end, value), parsed.ptr) << text;
  if (parsed.ec != std::errc()) return;
  EXPECT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(expected)) << text;
}

std::string shortest(double value) {
  char text[64];
  return {text, std::to_chars(text, text + sizeof text, value).ptr};
}

std::string fixed(double value, int digits) {
  char text[64];
  return {text,
          std::to_chars(text, text + sizeof text, value, std::chars_format::fixed, digits).ptr};
}

TEST(NumberTest, AgreesWithFromCharsOnProbabilities) {
  std::mt19937_64 random(1);
  constexpr int kRounds = 200000;
  for (int i = 0; i < kRounds; ++i) {
    const double uniform = static_cast<double>(random() >> 11) * 0x1p-53;
    const double value = std::ldexp(uniform, -static_cast<int>(random() % 40));
    agrees(shortest(value));
    agrees(fixed(uniform, static_cast<int>(random() % 18)));
    agrees(shortest(-value));
  }
}

TEST(NumberTest, AgreesOnTiesAndTheirNeighbours) {
  // Between 2^54 and 2^55 doubles are 4 apart: every second even number is a tie.
  constexpr uint64_t kFirst = uint64_t{1} << 54;
  for (uint64_t i = 0; i < 1000; ++i) {
    const uint64_t even = kFirst + 2 * i;
    for (const uint64_t near : {even - 1, even, even + 1}) {
      agrees(std::to_string(near));
      agrees(std::to_string(near * 10) + "e-1");
      agrees(std::to_string(near * 100 + 1) + "e-2");
      agrees(std::to_string(near * 100 - 1) + "e-2");
    }
  }
}

TEST(NumberTest, AgreesOnRandomText) {
  std::mt19937_64 random(3);
  constexpr std::string_view kLetters = "0123456789.e-+01";
  for (int i = 0; i < 200000; ++i) {
    std::string text;
    for (uint64_t n = random() % 26; n > 0; --n) text += kLetters[random() % kLetters.size()];
    agrees(text);
  }
}

/// What fast_float alone reads, to the last bit, where a cell ends behind the digits.
void fraction_agrees_with_careful(const std::string& text) {
  if (text.size() < kPlainDecimalBytes) return;
  const std::string within = "0,9.1234567890,7" + text;
  const char* const begin = within.data() + kFractionBytesBefore;
  double value = -7;
  double expected = -7;
  // Alone, and as two that are worked out together.
  PlainFractions fractions;
  const char* const stop = fractions.read(begin, 0);
  if (stop != nullptr) {
    double values[2] = {-7, -7};
    ASSERT_EQ(stop, fractions.read(begin, 1));
    fractions.write(&value, 1);
    fractions.write(values, 2);
    ASSERT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(values[0])) << text;
    ASSERT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(values[1])) << text;
  }
  const auto parsed = fast_float::from_chars(begin, within.data() + within.size(), expected);
  const auto length = parsed.ptr - begin;
  const bool is_cell = text.starts_with("0.") && parsed.ec == std::errc() && *parsed.ptr == ',' &&
                       text.find_first_of("eE") >= static_cast<size_t>(length);
  if (is_cell && length > 2 && length <= 2 + 15) {
    ASSERT_EQ(stop, parsed.ptr) << text;
  }
  if (stop == nullptr || (*stop != ',' && *stop != '\n')) return;
  ASSERT_EQ(stop, parsed.ptr) << text;
  ASSERT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(expected)) << text;
}

/// What fast_float alone reads, to the last bit, whatever stands behind the number.
void agrees_with_careful(const std::string& text) {
  double value = -7;
  double expected = -7;
  const char* const end = text.data() + text.size();
  ASSERT_NO_FATAL_FAILURE(fraction_agrees_with_careful(text));
  const auto parsed = fast_float::from_chars(text.data(), end, expected);
  const char* const stop = parse_number_at(text.data(), end, value);
  ASSERT_EQ(stop, parsed.ec == std::errc() ? parsed.ptr : text.data()) << text;
  if (parsed.ec != std::errc()) return;
  ASSERT_EQ(std::bit_cast<uint64_t>(value), std::bit_cast<uint64_t>(expected)) << text;
}

std::string random_letters(std::mt19937_64& random, std::string_view letters, size_t count) {
  std::string text;
  while (text.size() < count) text += letters[random() % letters.size()];
  return text;
}

TEST(NumberTest, PlainFormsReadLikeAllOthers) {
  std::mt19937_64 random(4);
  constexpr std::string_view kEnds[] = {",", "\n", "\r\n", ";",  "\t", "",
                                        ".", "e",  "E5,",  "e-", "x"};
  constexpr std::string_view kBehind[] = {"", ",", "000000000000000000000000",
                                          ",0.5,0.25,1e-5,0.00125\n1,",
                                          "\xff\xff.e-9/:;000000000000000"};
  for (int i = 0; i < 1'000'000; ++i) {
    std::string text = random_letters(random, "0123456789", random() % 8 == 0 ? 2 : 1);
    if (random() % 4 != 0) text[0] = '0';
    text += '.' + random_letters(random, "00123456789", random() % 21);
    if (random() % 4 == 0) {
      text += random() % 8 == 0 ? "e+" : "e-";
      text += random_letters(random, "0012345", random() % 4);
    }
    text += kEnds[random() % std::size(kEnds)];
    // With and without so much text behind it that it may be looked at in one go.
    text += kBehind[random() % std::size(kBehind)];
    ASSERT_NO_FATAL_FAILURE(agrees_with_careful(text));
  }
}

TEST(NumberTest, PlainFormsEndWhereAnyOtherByteStands) {
  for (int byte = 0; byte < 256; ++byte) {
    for (size_t digits = 0; digits <= 18; ++digits) {
      std::string text = "0." + std::string(digits, '1') + static_cast<char>(byte);
      ASSERT_NO_FATAL_FAILURE(agrees_with_careful(text + std::string(30, '7')));
      ASSERT_NO_FATAL_FAILURE(agrees_with_careful(text + std::string(30, ',')));
    }
  }
}

TEST(NumberTest, PlainFormsAreExactUpToTheLargestInteger) {
  const std::string behind(kPlainDecimalBytes, ',');
  for (uint64_t i = 0; i < 4000; ++i) {
    const std::string digits = std::to_string((uint64_t{1} << 53) - 2000 + i);
    ASSERT_NO_FATAL_FAILURE(agrees_with_careful("0." + digits + behind));
    ASSERT_NO_FATAL_FAILURE(
        agrees_with_careful(digits.substr(0, 1) + "." + digits.substr(1) + behind));
    ASSERT_NO_FATAL_FAILURE(
        agrees_with_careful(digits.substr(0, 1) + "." + digits.substr(1) + "e-07" + behind));
  }
}

TEST(NumberTest, ReadsWhatPeopleWrite) {
  EXPECT_EQ(parse_number(" +0.5\t"), 0.5);
  EXPECT_EQ(parse_number("1e-3"), 1e-3);
  EXPECT_EQ(parse_number("1."), 1.0);
  EXPECT_EQ(parse_number(".5"), 0.5);
  EXPECT_TRUE(std::isnan(*parse_number("NaN")));
  EXPECT_TRUE(std::isinf(*parse_number("inf")));
  for (const char* text : {"", " ", "+", "-", "1e", "0x1", "1 2", "+-1", "one", "1,5", "--1"}) {
    EXPECT_FALSE(parse_number(text).has_value()) << text;
  }
}

TEST(NumberTest, RoundsWhatIsBeyondDouble) {
  const double infinity = std::numeric_limits<double>::infinity();
  EXPECT_EQ(parse_number("1e-400"), 0.0);
  EXPECT_EQ(parse_number("-1e400"), -infinity);
  EXPECT_EQ(parse_number("1e+400"), infinity);
  EXPECT_EQ(parse_number("1e99999999999999999999"), infinity);
  EXPECT_EQ(parse_number("1e-99999999999999999999"), 0.0);
  const std::string zeros(400, '0');
  EXPECT_EQ(parse_number(std::string("0.").append(zeros).append("1")), 0.0);
  EXPECT_EQ(parse_number(std::string("1").append(zeros)), infinity);
  EXPECT_EQ(parse_number(std::string("1").append(zeros).append("e-400")), 1.0);
}

TEST(NumberTest, ReadsIntegers) {
  EXPECT_EQ(parse_integer("12"), 12);
  EXPECT_EQ(parse_integer(" -1 "), -1);
  EXPECT_EQ(parse_integer("+3"), 3);
  EXPECT_EQ(parse_integer("3.0"), 3);
  EXPECT_EQ(parse_integer("1e2"), 100);
  for (const char* text : {"", "1.5", "nan", "inf", "1e300", "cat", "99999999999999999999"}) {
    EXPECT_FALSE(parse_integer(text).has_value()) << text;
  }
}

}  // namespace
}  // namespace labelsieve::io
