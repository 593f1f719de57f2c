// Orders by score.
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include "labelsieve/error.h"
#include "labelsieve/rank.h"

namespace labelsieve {
namespace {

/// Ascending score, NaN last, ties to the lower index.
struct ByScore {
  std::span<const double> scores;

  bool operator()(int64_t a, int64_t b) const {
    const double score_a = scores[static_cast<size_t>(a)];
    const double score_b = scores[static_cast<size_t>(b)];
    if (std::isnan(score_a) || std::isnan(score_b)) {
      if (std::isnan(score_a) != std::isnan(score_b)) return std::isnan(score_b);
      return a < b;
    }
    return score_a != score_b ? score_a < score_b : a < b;
  }
};

}  // namespace

std::vector<int64_t> order_label_issues(std::span<const uint8_t> mask,
                                        std::span<const double> scores) {
  if (mask.size() != scores.size()) {
    throw Error(ErrorCode::kInvalidArgument, "the mask has " + std::to_string(mask.size()) +
                                                 " elements, there are " +
                                                 std::to_string(scores.size()) + " scores");
  }
  std::vector<int64_t> indices;
  for (size_t i = 0; i < mask.size(); ++i) {
    if (mask[i] != 0) indices.push_back(static_cast<int64_t>(i));
  }
  std::sort(indices.begin(), indices.end(), ByScore{scores});
  return indices;
}

std::vector<int64_t> find_top_issues(std::span<const double> scores, int64_t top) {
  std::vector<int64_t> indices(scores.size());
  std::iota(indices.begin(), indices.end(), int64_t{0});
  const auto count =
      static_cast<size_t>(std::clamp<int64_t>(top, 0, static_cast<int64_t>(scores.size())));
  const auto end = indices.begin() + static_cast<std::ptrdiff_t>(count);
  // Selecting before sorting keeps a small top of many scores linear.
  if (count < indices.size())
    std::nth_element(indices.begin(), end, indices.end(), ByScore{scores});
  std::sort(indices.begin(), end, ByScore{scores});
  indices.resize(count);
  return indices;
}

}  // namespace labelsieve
