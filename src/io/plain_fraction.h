// Numbers such as 0.0123, which most of a table of probabilities is.
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <cstring>

#include "io/plain_decimal.h"

#ifdef __SSE2__
#include <emmintrin.h>
#endif

namespace labelsieve::io {

/// What the functions below read before a number.
inline constexpr int64_t kFractionBytesBefore = 16;

/// The digits at a place: what integer_of() makes an integer of.
using DigitHalves = uint64_t;

#ifdef __SSE2__

/// Two numbers of eight digits, the first ones in the lower half.
inline uint64_t integer_of(DigitHalves halves) {
  return (halves & 0xFFFFFFFFU) * 100'000'000 + (halves >> 32);
}

/// Gives how many digits there are at a place with kFractionBytesBefore readable bytes before it,
/// at most 16. Nothing in it depends on that number, which would be guessed wrongly again and
/// again: the 16 bytes that end with the last digit are read, and what is before the first is made
/// zero.
inline size_t digits_within(const char* begin, DigitHalves& halves) {
  const auto load = [](const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  };
  // Moved up so far that '9' is the largest signed number, digits are all from '0' on.
  constexpr char kUp = 127 - '9';
  const __m128i moved = _mm_add_epi8(load(begin), _mm_set1_epi8(kUp));
  const __m128i is_digit = _mm_cmpgt_epi8(moved, _mm_set1_epi8('0' + kUp - 1));
  const auto marks = static_cast<uint32_t>(_mm_movemask_epi8(is_digit));
  const auto count = static_cast<size_t>(std::countr_one(marks));

  alignas(16) static constexpr std::array<char, 32> kKeep = [] {
    std::array<char, 32> keep = {};
    for (size_t i = 16; i < keep.size(); ++i) keep[i] = '\xFF';
    return keep;
  }();
  const __m128i text = _mm_xor_si128(load(begin + count - 16), _mm_set1_epi8('0'));
  const __m128i digits = _mm_and_si128(text, load(kKeep.data() + count));
  // Fours, then eights of digits; the first and third of four are in the lower places of pairs.
  const __m128i lower = _mm_and_si128(digits, _mm_set1_epi16(0xFF));
  const __m128i upper = _mm_srli_epi16(digits, 8);
  const __m128i fours = _mm_add_epi32(_mm_madd_epi16(lower, _mm_set1_epi32(1000 | (10 << 16))),
                                      _mm_madd_epi16(upper, _mm_set1_epi32(100 | (1 << 16))));
  const __m128i packed = _mm_packs_epi32(fours, fours);
  const __m128i eights = _mm_madd_epi16(packed, _mm_set1_epi32(10'000 | (1 << 16)));
  halves = static_cast<uint64_t>(_mm_cvtsi128_si64(eights));
  return count;
}

/// Writes the fractions that two runs of at most 15 digits are.
inline void write_two_fractions(const DigitHalves* halves, const uint32_t* counts, double* values) {
  const auto numbers = [](DigitHalves two) {
    return _mm_cvtepi32_pd(_mm_cvtsi64_si128(static_cast<int64_t>(two)));
  };
  const __m128d first = numbers(halves[0]);
  const __m128d second = numbers(halves[1]);
  const __m128d high = _mm_mul_pd(_mm_unpacklo_pd(first, second), _mm_set1_pd(1e8));
  const __m128d integers = _mm_add_pd(high, _mm_unpackhi_pd(first, second));
  const __m128d powers = _mm_set_pd(kExactPowers[counts[1]], kExactPowers[counts[0]]);
  _mm_storeu_pd(values, _mm_div_pd(integers, powers));
}

#else

inline uint64_t integer_of(DigitHalves halves) { return halves; }

inline size_t digits_within(const char* begin, DigitHalves& halves) {
  const DigitRun digits = digits_at(begin);
  halves = digits.value;
  return digits.count;
}

#endif

/// Some numbers such as 0.0123 of a text, read one after the other and worked out together: so that
/// none of the long steps behind their digits keeps a processor from going on with the text.
/// Digits and power of ten are exact, so that the one division rounds correctly (W. Clinger, How to
/// Read Floating Point Numbers Accurately, 1990).
class PlainFractions {
 public:
  static constexpr size_t kMost = 64;

  /// Reads "0." and the 1 to 16 digits behind it as number i, and gives their end. Null for other
  /// text, where there are more digits, and where they are no integer of at most 2^53.
  /// kPlainDecimalBytes from `begin` on must be readable, and kFractionBytesBefore; not for use
  /// where kHasPlainDecimals is false.
  const char* read(const char* begin, size_t i) {
    uint16_t beginning = 0;
    std::memcpy(&beginning, begin, sizeof beginning);
    constexpr uint16_t kZeroPoint = '0' | '.' << 8;  // the first character is in the lower byte
    if (beginning != kZeroPoint) return nullptr;
    const size_t count = digits_within(begin + 2, halves_[i]);
    counts_[i] = static_cast<uint32_t>(count);
    if (count == 0) return nullptr;
    // All integers of fewer digits are small enough. One more digit is more than can be read here.
    if (count == 16 && (is_digit(begin[18]) || integer_of(halves_[i]) > kMaxExactInteger)) {
      return nullptr;
    }
    return begin + 2 + count;
  }

  /// Number i is none of these.
  void leave_out(size_t i) { counts_[i] = 0; }

  /// Writes the first `count` numbers but for those that are left out.
  void write(double* values, size_t count) const {
    size_t i = 0;
#ifdef __SSE2__
    for (; i + 2 <= count; i += 2) {
      if (is_short(counts_[i]) && is_short(counts_[i + 1])) {
        write_two_fractions(halves_.data() + i, counts_.data() + i, values + i);
      } else {
        write_one(values, i);
        write_one(values, i + 1);
      }
    }
#endif
    for (; i < count; ++i) write_one(values, i);
  }

 private:
  /// Whether there are some digits, and so few that write_two_fractions() can take them.
  static bool is_short(uint32_t count) { return count - 1 < 15; }

  void write_one(double* values, size_t i) const {
    if (counts_[i] == 0) return;
    values[i] = static_cast<double>(static_cast<int64_t>(integer_of(halves_[i]))) /
                kExactPowers[counts_[i]];
  }

  std::array<DigitHalves, kMost> halves_ = {};
  std::array<uint32_t, kMost> counts_ = {};
};

}  // namespace labelsieve::io
