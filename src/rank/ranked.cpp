#include "rank/ranked.h"

#include <algorithm>
#include <array>
#include <bit>
#include <iterator>
#include <span>
#include <utility>

namespace labelsieve {
namespace {

constexpr int kDigitBits = 11;
constexpr size_t kValues = size_t{1} << kDigitBits;
constexpr int kShifts[] = {32, 32 + kDigitBits, 32 + 2 * kDigitBits};
constexpr size_t kDigits = std::size(kShifts);

/// Half of a key and, in the lower bits, where in the order it comes from.
using Half = uint64_t;

size_t digit_of(Half half, size_t digit) {
  return static_cast<size_t>(half >> kShifts[digit]) & (kValues - 1);
}

/// Sorts by the half keys, equal ones staying in their order: the lowest digit first. Digits that
/// all share are passed over.
void sort_halves(std::vector<Half>& halves) {
  std::array<std::array<size_t, kValues>, kDigits> counts = {};
  for (const Half half : halves) {
    for (size_t d = 0; d < kDigits; ++d) ++counts[d][digit_of(half, d)];
  }
  std::vector<Half> sorted(halves.size());
  for (size_t d = 0; d < kDigits; ++d) {
    if (counts[d][digit_of(halves.front(), d)] == halves.size()) continue;
    size_t start = 0;
    for (size_t& count : counts[d]) start += std::exchange(count, start);
    for (const Half half : halves) sorted[counts[d][digit_of(half, d)]++] = half;
    halves.swap(sorted);
  }
}

/// Sorts by the 32 bits behind those that all keys share, which are enough for scores that were
/// single precision, and then by all bits what is still equal.
void sort_by_halves(std::vector<Ranked>& order) {
  uint64_t differing = 0;
  for (const Ranked& ranked : order) differing |= ranked.key ^ order.front().key;
  if (differing == 0) return;
  const int shared = std::countl_zero(differing);
  std::vector<Half> halves(order.size());
  for (size_t i = 0; i < order.size(); ++i) {
    halves[i] = ((order[i].key << shared) & ~uint64_t{0xFFFFFFFF}) | i;
  }
  sort_halves(halves);
  std::vector<Ranked> sorted(order.size());
  std::transform(halves.begin(), halves.end(), sorted.begin(),
                 [&](Half half) { return order[half & 0xFFFFFFFF]; });
  order.swap(sorted);
  if (shared + 32 >= 64) return;
  for (size_t begin = 0; begin < order.size();) {
    size_t end = begin + 1;
    while (end < order.size() && halves[begin] >> 32 == halves[end] >> 32) ++end;
    const auto by_key = [](const Ranked& a, const Ranked& b) { return a.key < b.key; };
    const auto run = std::span(order).subspan(begin, end - begin);
    if (!std::is_sorted(run.begin(), run.end(), by_key)) {
      std::stable_sort(run.begin(), run.end(), by_key);
    }
    begin = end;
  }
}

}  // namespace

void sort_ranked(std::vector<Ranked>& order) {
  constexpr size_t kFew = 1000;              // below, counting takes longer than comparing
  constexpr size_t kMost = size_t{1} << 32;  // whose places 32 bits hold
  if (order.size() < kFew || order.size() > kMost) {
    std::sort(order.begin(), order.end());
  } else {
    sort_by_halves(order);
  }
}

}  // namespace labelsieve
