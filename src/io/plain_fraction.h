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

#ifdef __SSE2__

/// digits_at() for a place with kFractionBytesBefore readable bytes before it. Nothing in it
/// depends on how many digits there are, which would be guessed wrongly again and again: the 16
/// bytes that end with the last digit are read, and what is before the first is made zero.
inline DigitRun digits_within(const char* begin) {
  const auto load = [](const char* at) {
    return _mm_loadu_si128(reinterpret_cast<const __m128i*>(at));
  };
  const __m128i zeros = _mm_set1_epi8('0');
  const __m128i ten = _mm_set1_epi8(10);
  const __m128i values = _mm_xor_si128(load(begin), zeros);
  const __m128i no_digit = _mm_cmpeq_epi8(_mm_max_epu8(values, ten), values);
  const auto marks = static_cast<uint32_t>(_mm_movemask_epi8(no_digit)) | 0x10000U;
  const auto count = static_cast<size_t>(std::countr_zero(marks));

  alignas(16) static constexpr std::array<char, 32> kKeep = [] {
    std::array<char, 32> keep = {};
    for (size_t i = 16; i < keep.size(); ++i) keep[i] = '\xFF';
    return keep;
  }();
  const __m128i text = _mm_xor_si128(load(begin + count - 16), zeros);
  const __m128i digits = _mm_and_si128(text, load(kKeep.data() + count));
  // Fours, then eights of digits; the first and third of four are in the lower places of pairs.
  const __m128i lower = _mm_and_si128(digits, _mm_set1_epi16(0xFF));
  const __m128i upper = _mm_srli_epi16(digits, 8);
  const __m128i fours = _mm_add_epi32(_mm_madd_epi16(lower, _mm_set1_epi32(1000 | (10 << 16))),
                                      _mm_madd_epi16(upper, _mm_set1_epi32(100 | (1 << 16))));
  const __m128i packed = _mm_packs_epi32(fours, fours);
  const __m128i eights = _mm_madd_epi16(packed, _mm_set1_epi32(10'000 | (1 << 16)));
  const auto both = static_cast<uint64_t>(_mm_cvtsi128_si64(eights));
  return {(both & 0xFFFFFFFFU) * 100'000'000 + (both >> 32), count};
}

#else

inline DigitRun digits_within(const char* begin) { return digits_at(begin); }

#endif

/// Reads "0." and the 1 to 16 digits behind it, whatever follows them, and gives their end. Null,
/// and nothing read, for other text, and where the digits are no integer of at most 2^53: up to
/// there digits and power of ten are exact, so that the one division rounds correctly (W. Clinger,
/// How to Read Floating Point Numbers Accurately, 1990). kPlainDecimalBytes from `begin` on must be
/// readable, and kFractionBytesBefore; not for use where kHasPlainDecimals is false.
inline const char* parse_plain_fraction(const char* begin, double& value) {
  uint16_t beginning = 0;
  std::memcpy(&beginning, begin, sizeof beginning);
  constexpr uint16_t kZeroPoint = '0' | '.' << 8;  // the first character is in the lower byte
  if (beginning != kZeroPoint) return nullptr;
  const DigitRun digits = digits_within(begin + 2);
  if (digits.count == 0 || digits.value > kMaxExactInteger) return nullptr;
  value = static_cast<double>(static_cast<int64_t>(digits.value)) / kExactPowers[digits.count];
  return begin + 2 + digits.count;
}

}  // namespace labelsieve::io
