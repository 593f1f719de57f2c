// Orders by score.
#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include "labelsieve/error.h"
#include "labelsieve/rank.h"

namespace labelsieve {
namespace {

/// A score as a number whose order is ascending score, NaN last; both zeros are one.
uint64_t key_of(double score) {
  if (std::isnan(score)) return std::numeric_limits<uint64_t>::max();
  constexpr uint64_t kSign = uint64_t{1} << 63;
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);
  return (bits & kSign) != 0 ? ~bits : bits | kSign;
}

/// Keys lie beside their indices: a comparison that looks a score up misses the cache.
struct Ranked {
  uint64_t key;
  int64_t index;

  /// Ties go to the lower index.
  bool operator<(const Ranked& other) const {
    return key != other.key ? key < other.key : index < other.index;
  }
};

std::vector<int64_t> indices_of(std::span<const Ranked> ranked) {
  std::vector<int64_t> indices(ranked.size());
  std::transform(ranked.begin(), ranked.end(), indices.begin(),
                 [](const Ranked& one) { return one.index; });
  return indices;
}

/// The leading bits of a key: sign, exponent, and enough to cut every power of two into 64.
constexpr int kLeadingBits = 18;
size_t leading(uint64_t key) { return static_cast<size_t>(key >> (64 - kLeadingBits)); }

/// What the leading bits of the last of the `count` first scores are, or more.
size_t last_leading(std::span<const double> scores, size_t count) {
  constexpr size_t kFew = size_t{1} << 15;  // to clear the counts would take longer
  if (scores.size() < kFew) return std::numeric_limits<size_t>::max();
  std::vector<size_t> counts(size_t{1} << kLeadingBits);
  for (const double score : scores) ++counts[leading(key_of(score))];
  size_t last = 0;
  size_t taken = counts[0];
  while (taken < count) taken += counts[++last];
  return last;
}

/// At least the `count` first of all scores, and of many scores not many more, by index.
std::vector<Ranked> first_by_leading_bits(std::span<const double> scores, size_t count) {
  const size_t last = last_leading(scores, count);
  std::vector<Ranked> first;
  for (size_t i = 0; i < scores.size(); ++i) {
    const uint64_t key = key_of(scores[i]);
    if (leading(key) <= last) first.push_back({key, static_cast<int64_t>(i)});
  }
  return first;
}

}  // namespace

std::vector<int64_t> order_label_issues(std::span<const uint8_t> mask,
                                        std::span<const double> scores) {
  if (mask.size() != scores.size()) {
    throw Error(ErrorCode::kInvalidArgument, "the mask has " + std::to_string(mask.size()) +
                                                 " elements, there are " +
                                                 std::to_string(scores.size()) + " scores");
  }
  std::vector<Ranked> issues;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] != 0) issues.push_back({key_of(scores[i]), static_cast<int64_t>(i)});
  }
  std::sort(issues.begin(), issues.end());
  return indices_of(issues);
}

std::vector<int64_t> find_top_issues(std::span<const double> scores, int64_t top) {
  const auto count =
      static_cast<size_t>(std::clamp<int64_t>(top, 0, static_cast<int64_t>(scores.size())));
  if (count == 0) return {};
  // Selecting before sorting keeps a small top of many scores linear.
  std::vector<Ranked> first = first_by_leading_bits(scores, count);
  const auto end = first.begin() + static_cast<std::ptrdiff_t>(count);
  if (end != first.end()) std::nth_element(first.begin(), end, first.end());
  std::sort(first.begin(), end);
  return indices_of({first.data(), count});
}

}  // namespace labelsieve
