#include "rank/order.h"

#include <algorithm>
#include <string>

#include "base/refuse_argument.h"
#include "rank/ranked.h"

namespace labelsieve {
namespace {

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

std::vector<size_t> order_by_score(std::span<const double> scores) {
  return order_of(scores.size(), [&](size_t i) { return scores[i]; });
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

}  // namespace labelsieve
