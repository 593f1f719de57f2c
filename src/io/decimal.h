// Short decimal numbers, fast: most of the time of reading a table goes into its digits.
//
// The value is w / 10^k with an integer w. It is found as w times a 128-bit reciprocal of 10^k,
// which is exact but for less than two units of the last of 128 bits; in the rare case that these
// could change the rounding to 53 bits, the number is left to std::from_chars. Eight digits are
// turned into their value at once, as in Lemire, "Number parsing at a gigabyte per second",
// Software: Practice and Experience 51 (2021).
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <cstring>

namespace labelsieve::io {

namespace detail {
__extension__ using Uint128 = unsigned __int128;

inline constexpr int kMaxPower = 38;  // The largest power of ten below 2^127

/// floor(2^(127 + bits) / 10^k), where bits is the width of 10^k: a number of 128 bits.
struct Reciprocal {
  uint64_t high = 0;
  uint64_t low = 0;
  int bits = 0;
};

constexpr Reciprocal reciprocal_of(Uint128 power) {
  Reciprocal result;
  while (result.bits < 128 && (power >> result.bits) != 0) ++result.bits;
  // Long division, one binary digit at a time: a one, then 127 + bits zeros.
  Uint128 quotient = 0;
  Uint128 remainder = 1;
  for (int i = 0; i < 127 + result.bits; ++i) {
    remainder <<= 1;
    quotient <<= 1;
    if (remainder >= power) {
      remainder -= power;
      quotient |= 1;
    }
  }
  result.high = static_cast<uint64_t>(quotient >> 64);
  result.low = static_cast<uint64_t>(quotient);
  return result;
}

inline constexpr auto kReciprocals = [] {
  std::array<Reciprocal, kMaxPower + 1> table{};
  Uint128 power = 1;
  for (int k = 1; k <= kMaxPower; ++k) {
    power *= 10;
    table[static_cast<size_t>(k)] = reciprocal_of(power);
  }
  return table;
}();

inline constexpr std::array<uint64_t, 9> kSmallPowers = {1,      10,      100,      1000,     10000,
                                                         100000, 1000000, 10000000, 100000000};

/// The eight bytes at `at`, the first one lowest.
inline uint64_t load_bytes(const char* at) {
  uint64_t bytes = 0;
  std::memcpy(&bytes, at, sizeof bytes);
  if constexpr (std::endian::native == std::endian::big) bytes = __builtin_bswap64(bytes);
  return bytes;
}

/// The value of eight decimal digits, one a byte, the first one lowest: neighbours are joined to
/// pairs, pairs to fours, fours to the eight.
inline uint64_t value_of_eight(uint64_t digits) {
  digits = digits * 10 + (digits >> 8);
  const uint64_t pairs = digits & 0x000000FF000000FF;
  const uint64_t next_pairs = digits >> 16 & 0x000000FF000000FF;
  return (pairs * (100 + (uint64_t{1000000} << 32)) + next_pairs * (1 + (uint64_t{10000} << 32))) >>
         32;
}

/// Appends the digits at `at` to `number`; gives their end, or null when they become too many.
inline const char* append_digits(const char* at, const char* end, uint64_t& number) {
  constexpr uint64_t kRoomForEight = 100'000'000'000;  // 10^19 is below 2^64
  while (end - at >= 8) {
    const uint64_t digits = load_bytes(at) ^ 0x3030303030303030;
    const uint64_t others = ((digits + 0x0606060606060606) | digits) & 0xF0F0F0F0F0F0F0F0;
    if (number >= kRoomForEight) break;
    if (others != 0) {
      const int count = std::countr_zero(others) / 8;
      if (count == 0) return at;
      // Zeros in front do not change the value of the digits.
      number = number * kSmallPowers[static_cast<size_t>(count)] +
               value_of_eight(digits << (64 - 8 * count));
      return at + count;
    }
    number = number * kSmallPowers[8] + value_of_eight(digits);
    at += 8;
  }
  for (; at != end && *at >= '0' && *at <= '9'; ++at) {
    if (number >= 1'000'000'000'000'000'000) return nullptr;
    number = number * 10 + static_cast<uint64_t>(*at - '0');
  }
  return at;
}

/// Reads the exponent behind an 'e'; null where there is none of up to three digits.
inline const char* parse_exponent(const char* at, const char* end, int& exponent) {
  const bool negative = at != end && *at == '-';
  if (at != end && (*at == '-' || *at == '+')) ++at;
  const char* const first = at;
  for (; at != end && *at >= '0' && *at <= '9' && at - first < 4; ++at) {
    exponent = exponent * 10 + (*at - '0');
  }
  if (at == first || at - first > 3) return nullptr;
  if (negative) exponent = -exponent;
  return at;
}

/// number / 10^k, correctly rounded; false where 128 bits do not decide.
inline bool divide(uint64_t number, int k, double& value) {
  if (k == 0 || number == 0) {
    value = static_cast<double>(number);
    return true;
  }
  const Reciprocal& reciprocal = kReciprocals[static_cast<size_t>(k)];
  const int shift = std::countl_zero(number);
  const uint64_t factor = number << shift;
  const Uint128 product =
      Uint128{factor} * reciprocal.high + (Uint128{factor} * reciprocal.low >> 64);
  const auto high = static_cast<uint64_t>(product >> 64);
  const auto low = static_cast<uint64_t>(product);
  // `product` is at most 2 below the exact value and fills 127 or 128 bits, 53 of which are kept:
  // 10 or 11 of `high` are dropped. The exact value may be a tie, or beyond one, if the dropped
  // bits are one half or one unit less.
  const int dropped = 10 + static_cast<int>(high >> 63);
  const uint64_t half = uint64_t{1} << (dropped - 1);
  const uint64_t rest = high & (2 * half - 1);
  if (low + 1 <= 1 && rest + (low != 0 ? 1 : 0) == half) return false;
  const uint64_t mantissa = (high >> dropped) + (rest >= half ? 1 : 0);
  const int exponent = dropped + 128 - (127 + reciprocal.bits) - shift;
  // Adding lets a mantissa that was rounded up to 2^53 carry into the exponent.
  const uint64_t bits =
      (static_cast<uint64_t>(exponent + 52 + 1023) << 52) + (mantissa - (uint64_t{1} << 52));
  value = std::bit_cast<double>(bits);
  return true;
}

}  // namespace detail

/// Reads a decimal number such as "0.0625", "-3" or "1.5e-07" at `begin`, correctly rounded, and
/// gives its end. Gives null, which says nothing about the text, for whatever is not that simple:
/// more than 19 digits, large or tiny numbers, inf, nan, no number at all.
inline const char* parse_decimal(const char* begin, const char* end, double& value) {
  const char* at = begin;
  const bool negative = at != end && *at == '-';
  if (negative) ++at;
  uint64_t number = 0;
  const char* const integer = at;
  // One digit before the point is by far the most common.
  if (end - at >= 2 && at[1] == '.' && *at >= '0' && *at <= '9') {
    number = static_cast<uint64_t>(*at++ - '0');
  } else {
    at = detail::append_digits(at, end, number);
    if (at == nullptr || at == integer) return nullptr;
  }
  int power = 0;
  if (at != end && *at == '.') {
    const char* const fraction = ++at;
    at = detail::append_digits(at, end, number);
    if (at == nullptr) return nullptr;
    // So many zeros can stand there that an int would not count them.
    if (at - fraction > detail::kMaxPower) return nullptr;
    power = static_cast<int>(at - fraction);
  }
  if (at != end && (*at == 'e' || *at == 'E')) {
    int exponent = 0;
    at = detail::parse_exponent(at + 1, end, exponent);
    if (at == nullptr) return nullptr;
    power -= exponent;
  }
  if (power < 0 || power > detail::kMaxPower || !detail::divide(number, power, value))
    return nullptr;
  if (negative) value = -value;
  return at;
}

}  // namespace labelsieve::io
