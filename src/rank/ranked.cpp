#include "rank/ranked.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <utility>

namespace labelsieve {
namespace {

constexpr int kDigitBits = 11;
constexpr size_t kDigits = (64 + kDigitBits - 1) / kDigitBits;
constexpr size_t kValues = size_t{1} << kDigitBits;

size_t digit_of(uint64_t key, size_t digit) {
  return static_cast<size_t>(key >> (digit * kDigitBits)) & (kValues - 1);
}

/// Sorts by key, equal ones staying in their order: the lowest digit first. Digits that all keys
/// share are passed over: scores that were single precision have no low ones.
void sort_by_digits(std::vector<Ranked>& order) {
  std::vector<std::array<size_t, kValues>> counts(kDigits);
  for (const Ranked& ranked : order) {
    for (size_t d = 0; d < kDigits; ++d) ++counts[d][digit_of(ranked.key, d)];
  }
  std::vector<Ranked> sorted(order.size());
  for (size_t d = 0; d < kDigits; ++d) {
    if (counts[d][digit_of(order.front().key, d)] == order.size()) continue;
    size_t start = 0;
    for (size_t& count : counts[d]) start += std::exchange(count, start);
    for (const Ranked& ranked : order) sorted[counts[d][digit_of(ranked.key, d)]++] = ranked;
    order.swap(sorted);
  }
}

}  // namespace

uint64_t order_key(double score) {
  if (std::isnan(score)) return ~uint64_t{0};
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);  // -0 is 0
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

void sort_ranked(std::vector<Ranked>& order) {
  constexpr size_t kFew = 1000;  // below, counting digits takes longer than comparing
  if (order.size() < kFew) {
    std::sort(order.begin(), order.end());
  } else {
    sort_by_digits(order);
  }
}

}  // namespace labelsieve
