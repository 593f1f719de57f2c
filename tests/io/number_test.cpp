// Numbers in text.
#include "io/number.h"

#include <gtest/gtest.h>

#include <bit>
#include <charconv>
#include <cmath>
#include <limits>
#include <random>
#include <string>

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
