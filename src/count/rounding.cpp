#include "count/rounding.h"

#include <algorithm>
#include <cmath>
#include <numeric>

namespace labelsieve {

std::vector<int64_t> round_preserving_total(std::span<const PositionedValue> values,
                                            int64_t length) {
  std::vector<int64_t> rounded(values.size());
  int64_t rounded_total = 0;
  for (size_t i = 0; i < values.size(); ++i) {
    rounded[i] = static_cast<int64_t>(std::nearbyint(values[i].value));
    rounded_total += rounded[i];
  }
  const auto total = static_cast<int64_t>(std::nearbyint(pairwise_sum(values, length)));
  const int64_t missing = total - rounded_total;
  if (missing == 0) return rounded;

  // What is not stored is exactly 0 and loses nothing by rounding: it is never the most deserving.
  std::vector<size_t> order(values.size());
  std::iota(order.begin(), order.end(), size_t{0});
  const auto loss = [&](size_t i) { return values[i].value - static_cast<double>(rounded[i]); };
  const auto count = std::min<size_t>(static_cast<size_t>(std::abs(missing)), values.size());
  std::partial_sort(order.begin(), order.begin() + static_cast<std::ptrdiff_t>(count), order.end(),
                    [&](size_t a, size_t b) {
                      const double loss_a = loss(a);
                      const double loss_b = loss(b);
                      if (missing > 0) return loss_a != loss_b ? loss_a > loss_b : a > b;
                      return loss_a != loss_b ? loss_a < loss_b : a < b;
                    });
  for (size_t i = 0; i < count; ++i) rounded[order[i]] += missing > 0 ? 1 : -1;
  return rounded;
}

}  // namespace labelsieve
