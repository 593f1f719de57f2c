#include <algorithm>
#include <array>
#include <cmath>
#include <limits>
#include <optional>
#include <utility>
#include <vector>

#include "kernels/at_most_kernel.h"
#include "labelsieve/rank.h"
#include "rank/ranked.h"

namespace labelsieve {
namespace {

/// A score that at least the `count` first do not exceed and, by a sample, few more. None where a
/// sample says nothing.
std::optional<double> guess_limit(std::span<const double> scores, size_t count) {
  constexpr size_t kSample = 4096;
  if (scores.size() < 16 * kSample) return std::nullopt;
  std::vector<double> sample(kSample);
  const size_t step = scores.size() / kSample;
  for (size_t i = 0; i < kSample; ++i) {
    sample[i] = scores[i * step];
    if (std::isnan(sample[i])) sample[i] = std::numeric_limits<double>::infinity();
  }
  // The share of the first in the sample, and four standard deviations.
  const double share = static_cast<double>(count) / static_cast<double>(scores.size());
  const double place = share * kSample + 4 * std::sqrt(kSample * share * (1 - share)) + 1;
  if (place >= kSample) return std::nullopt;
  const auto last = sample.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(sample.begin(), last, sample.end());
  return std::isinf(*last) ? std::nullopt : std::optional(*last);
}

/// The scores of at most `limit`, by place.
std::vector<Ranked> at_most(std::span<const double> scores, double limit, size_t expected) {
  constexpr size_t kPiece = size_t{1} << 12;
  std::array<uint32_t, kPiece + kAtMostPadding> positions;
  std::vector<Ranked> found;
  found.reserve(expected);
  for (size_t first = 0; first < scores.size(); first += kPiece) {
    const size_t size = std::min(kPiece, scores.size() - first);
    const auto some = static_cast<size_t>(positions_at_most(
        scores.data() + first, static_cast<int64_t>(size), limit, positions.data()));
    for (size_t p = 0; p < some; ++p) {
      const size_t place = first + positions[p];
      found.push_back({order_key(scores[place]), place});
    }
  }
  return found;
}

/// At least the `count` first of all scores, and of many scores not many more, by place.
std::vector<Ranked> candidates(std::span<const double> scores, size_t count) {
  if (const auto limit = guess_limit(scores, count)) {
    std::vector<Ranked> found = at_most(scores, *limit, count + count / 4);
    if (found.size() >= count) return found;
  }
  std::vector<Ranked> all(scores.size());
  for (size_t i = 0; i < scores.size(); ++i) all[i] = {order_key(scores[i]), i};
  return all;
}

/// Keeps the `count` first, in the order of their places.
void keep_first(std::vector<Ranked>& order, size_t count) {
  // In a copy: the sort leaves equal scores in the order of their places.
  std::vector<Ranked> parted = order;
  const auto last = parted.begin() + static_cast<std::ptrdiff_t>(count - 1);
  std::nth_element(parted.begin(), last, parted.end());
  std::erase_if(order, [&](const Ranked& ranked) { return *last < ranked; });
}

}  // namespace

std::vector<int64_t> find_top_issues(std::span<const double> scores, int64_t top) {
  const auto count =
      static_cast<size_t>(std::clamp<int64_t>(top, 0, static_cast<int64_t>(scores.size())));
  if (count == 0) return {};
  std::vector<Ranked> first = candidates(scores, count);
  // Selecting before sorting pays where most would be sorted for nothing.
  if (first.size() > 2 * count) keep_first(first, count);
  sort_ranked(first);
  std::vector<int64_t> indices(count);
  for (size_t i = 0; i < count; ++i) indices[i] = static_cast<int64_t>(first[i].place);
  return indices;
}

}  // namespace labelsieve
