#include "base/pairwise_sum.h"

#include <algorithm>

namespace labelsieve {
namespace {

constexpr int64_t kLanes = 8;
constexpr int64_t kLeaf = 128;

using Values = std::span<const PositionedValue>;

double sum_leaf(Values values, int64_t start, int64_t length) {
  double lanes[kLanes] = {};
  const int64_t interleaved = length < kLanes ? 0 : length - length % kLanes;
  size_t next = 0;
  for (; next < values.size() && values[next].position - start < interleaved; ++next) {
    lanes[(values[next].position - start) % kLanes] += values[next].value;
  }
  double sum = ((lanes[0] + lanes[1]) + (lanes[2] + lanes[3])) +
               ((lanes[4] + lanes[5]) + (lanes[6] + lanes[7]));
  for (; next < values.size(); ++next) sum += values[next].value;
  return sum;
}

double sum_range(Values values, int64_t start, int64_t length) {
  if (values.empty()) return 0;
  if (length <= kLeaf) return sum_leaf(values, start, length);
  int64_t half = length / 2;
  half -= half % kLanes;
  const auto split = std::partition_point(
      values.begin(), values.end(),
      [&](const PositionedValue& value) { return value.position < start + half; });
  const auto left = static_cast<size_t>(split - values.begin());
  return sum_range(values.first(left), start, half) +
         sum_range(values.subspan(left), start + half, length - half);
}

}  // namespace

double pairwise_sum(Values values, int64_t length) { return sum_range(values, 0, length); }

}  // namespace labelsieve
