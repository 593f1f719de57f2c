// The numbers that tables of probabilities are full of, read without a loop.
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace labelsieve::io {

/// The functions below look at so many bytes from the beginning of a number; none may be used
/// where a text has fewer, or where kHasPlainDecimals is false.
inline constexpr int64_t kPlainDecimalBytes = 24;

/// The first digit must be in the lowest byte of a word.
inline constexpr bool kHasPlainDecimals = std::endian::native == std::endian::little;

/// The powers of ten that a double holds exactly.
inline constexpr std::array<double, 23> kExactPowers = {
    1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
    1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22};

inline constexpr std::array<uint64_t, 17> kIntegerPowers = [] {
  std::array<uint64_t, 17> powers = {1};
  for (size_t i = 1; i < powers.size(); ++i) powers[i] = powers[i - 1] * 10;
  return powers;
}();

/// The bits of a byte are zero if it and all before it hold digits; `values` are characters ^ '0'.
inline uint64_t marks_no_digit(uint64_t values) {
  // A byte beyond 9 may carry into the next one, which only marks bytes behind the first.
  return (values | (values + 0x0606060606060606U)) & 0xF0F0F0F0F0F0F0F0U;
}

/// The number that eight digits are, the first one in the lowest byte; pairs, then fours of them
/// are put together in all places at once.
inline uint64_t number_of_digits(uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  constexpr uint64_t kPairs = 0x000000FF000000FFU;
  constexpr uint64_t kFirst = 100 + (uint64_t{1'000'000} << 32);
  constexpr uint64_t kSecond = 1 + (uint64_t{10'000} << 32);
  return ((digits & kPairs) * kFirst + ((digits >> 16) & kPairs) * kSecond) >> 32;
}

inline bool is_digit(char c) { return static_cast<unsigned char>(c - '0') <= 9; }

/// The digits at a place of a text, as an integer, and how many there are, at most 16.
struct DigitRun {
  uint64_t value = 0;
  size_t count = 0;
};

/// Looks at 16 bytes.
inline DigitRun digits_at(const char* begin) {
  uint64_t low = 0;
  uint64_t high = 0;
  std::memcpy(&low, begin, sizeof low);
  std::memcpy(&high, begin + 8, sizeof high);
  constexpr uint64_t kZeros = 0x3030303030303030U;
  low ^= kZeros;
  high ^= kZeros;
  // Digits move to the end of their word, zeros take the place of what stands behind them.
  const uint64_t low_marks = marks_no_digit(low);
  if (low_marks != 0) {
    const auto bits = static_cast<unsigned>(std::countr_zero(low_marks)) & ~7U;
    if (bits == 0) return {};
    return {number_of_digits(low << (64 - bits)), bits / 8};
  }
  const auto bits = static_cast<unsigned>(std::countr_zero(marks_no_digit(high))) & ~7U;
  const unsigned half = 32 - bits / 2;  // a shift by 64 at once is not defined
  const size_t more = bits / 8;
  return {number_of_digits(low) * kIntegerPowers[more] + number_of_digits(high << half << half),
          8 + more};
}

/// Integers up to here are doubles.
inline constexpr uint64_t kMaxExactInteger = uint64_t{1} << 53;

/// Reads a digit, a point and 1 to 16 digits, with "e-" and two digits behind them or not, and
/// gives their end. Null, and nothing read, for other text, where the digits are no integer of at
/// most 2^53, or the power of ten is beyond 10^22: up to there both are exact, so that the one
/// division rounds correctly (W. Clinger, How to Read Floating Point Numbers Accurately, 1990).
/// kPlainDecimalBytes must be readable.
inline const char* parse_plain_decimal(const char* begin, double& value) {
  if (!is_digit(begin[0]) || begin[1] != '.') return nullptr;
  const DigitRun digits = digits_at(begin + 2);
  if (digits.count == 0) return nullptr;
  const uint64_t integer =
      static_cast<uint64_t>(begin[0] - '0') * kIntegerPowers[digits.count] + digits.value;
  const char* end = begin + 2 + digits.count;
  size_t power = digits.count;
  if (*end == 'e') {
    if (end[1] != '-' || !is_digit(end[2]) || !is_digit(end[3]) || is_digit(end[4])) return nullptr;
    power += static_cast<size_t>((end[2] - '0') * 10 + (end[3] - '0'));
    end += 4;
  } else if (*end == 'E' || is_digit(*end)) {
    return nullptr;
  }
  if (integer > kMaxExactInteger || power >= kExactPowers.size()) return nullptr;
  value = static_cast<double>(static_cast<int64_t>(integer)) / kExactPowers[power];
  return end;
}

}  // namespace labelsieve::io
