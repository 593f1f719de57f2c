#include "rank/order.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <limits>
#include <string>
#include <utility>

#include "base/refuse_argument.h"

namespace labelsieve {
namespace {

/// A score as a number, and its place among all, which decides between equal scores.
struct Ranked {
  uint64_t key;
  size_t place;

  bool operator<(const Ranked& other) const {
    return key != other.key ? key < other.key : place < other.place;
  }
};

/// A number that orders as the scores do, NaN last.
uint64_t order_key(double score) {
  if (std::isnan(score)) return ~uint64_t{0};
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);  // -0 is 0
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

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

void sort_ranked(std::vector<Ranked>& order) {
  constexpr size_t kFew = 1000;  // below, counting digits takes longer than comparing
  if (order.size() < kFew) {
    std::sort(order.begin(), order.end());
  } else {
    sort_by_digits(order);
  }
}

template <class ScoreAt>
std::vector<size_t> order_of(size_t size, const ScoreAt& score_at) {
  std::vector<Ranked> order(size);
  for (size_t i = 0; i < size; ++i) order[i] = {order_key(score_at(i)), i};
  sort_ranked(order);
  std::vector<size_t> places(size);
  std::transform(order.begin(), order.end(), places.begin(),
                 [](const Ranked& ranked) { return ranked.place; });
  return places;
}

/// The leading bits of a key: sign, exponent, and enough to cut every power of two into 64.
constexpr int kLeadingBits = 18;
size_t leading(uint64_t key) { return static_cast<size_t>(key >> (64 - kLeadingBits)); }

/// What the leading bits of the last of the `count` first scores are, or more.
size_t last_leading(std::span<const double> scores, size_t count) {
  constexpr size_t kFew = size_t{1} << 15;  // to clear the counts would take longer
  if (scores.size() < kFew) return std::numeric_limits<size_t>::max();
  std::vector<size_t> counts(size_t{1} << kLeadingBits);
  for (const double score : scores) ++counts[leading(order_key(score))];
  size_t last = 0;
  size_t taken = counts[0];
  while (taken < count) taken += counts[++last];
  return last;
}

/// At least the `count` first of all scores, and of many scores not many more, by place.
std::vector<Ranked> first_by_leading_bits(std::span<const double> scores, size_t count) {
  const size_t last = last_leading(scores, count);
  std::vector<Ranked> first;
  for (size_t i = 0; i < scores.size(); ++i) {
    const uint64_t key = order_key(scores[i]);
    if (leading(key) <= last) first.push_back({key, i});
  }
  return first;
}

}  // namespace

std::vector<int64_t> places_of(std::span<const uint8_t> mask) {
  const auto zeros = static_cast<size_t>(std::count(mask.begin(), mask.end(), uint8_t{0}));
  // One more, because each place is written before it is known whether it counts: no branches.
  std::vector<int64_t> indices(mask.size() - zeros + 1);
  size_t found = 0;
  for (size_t i = 0; i < mask.size(); ++i) {
    indices[found] = static_cast<int64_t>(i);
    found += mask[i] != 0 ? 1 : 0;
  }
  indices.resize(found);
  return indices;
}

std::vector<size_t> order_by_quality(const std::vector<Example>& examples) {
  return order_of(examples.size(), [&](size_t i) { return examples[i].label_quality; });
}

std::vector<int64_t> order_label_issues(std::span<const uint8_t> mask,
                                        std::span<const double> scores) {
  if (mask.size() != scores.size()) {
    refuse_argument("the mask has " + std::to_string(mask.size()) + " elements, there are " +
                    std::to_string(scores.size()) + " scores");
  }
  const std::vector<int64_t> indices = places_of(mask);
  const std::vector<size_t> order =
      order_of(indices.size(), [&](size_t i) { return scores[static_cast<size_t>(indices[i])]; });
  std::vector<int64_t> sorted(indices.size());
  std::transform(order.begin(), order.end(), sorted.begin(), [&](size_t i) { return indices[i]; });
  return sorted;
}

std::vector<int64_t> find_top_issues(std::span<const double> scores, int64_t top) {
  const auto count =
      static_cast<size_t>(std::clamp<int64_t>(top, 0, static_cast<int64_t>(scores.size())));
  if (count == 0) return {};
  // Selecting before sorting keeps a small top of many scores linear.
  std::vector<Ranked> first = first_by_leading_bits(scores, count);
  if (first.size() > count) {
    // In a copy: the sort leaves equal scores in the order of their places.
    std::vector<Ranked> parted = first;
    const auto last = parted.begin() + static_cast<std::ptrdiff_t>(count - 1);
    std::nth_element(parted.begin(), last, parted.end());
    std::erase_if(first, [&](const Ranked& ranked) { return *last < ranked; });
  }
  sort_ranked(first);
  std::vector<int64_t> indices(count);
  std::transform(first.begin(), first.end(), indices.begin(),
                 [](const Ranked& ranked) { return static_cast<int64_t>(ranked.place); });
  return indices;
}

}  // namespace labelsieve
