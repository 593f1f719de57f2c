// What a class asks of [1 - p, p], as comparisons of p.
#pragma once

#include <bit>
#include <cstdint>
#include <limits>
#include <type_traits>
#include <vector>

#include "kernels/bounds.h"
#include "kernels/multilabel_kernel.h"
#include "labelsieve/multilabel_classification.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {

/// The largest valid probability p for which condition(p) holds, -infinity if for none. What holds
/// for p must hold for all smaller ones. Cost: a bisection over the numbers of W.
template <class W, class Condition>
W highest_with(const Condition& condition) {
  using Bits = std::conditional_t<sizeof(W) == 4, int32_t, int64_t>;
  constexpr Bits kSign = std::numeric_limits<Bits>::min();
  // Integers in the order of the numbers; -0 and 0 are one.
  const auto to_key = [](W value) {
    const Bits bits = std::bit_cast<Bits>(value);
    return bits >= 0 ? bits : kSign - bits;
  };
  const auto from_key = [](Bits key) { return std::bit_cast<W>(key >= 0 ? key : kSign - key); };
  const ProbabilityBounds<W> bounds;
  if (!condition(bounds.lowest)) return -std::numeric_limits<W>::infinity();
  if (condition(bounds.highest)) return bounds.highest;
  Bits holds = to_key(bounds.lowest);
  Bits fails = to_key(bounds.highest);
  while (fails - holds > 1) {
    const Bits middle = holds + (fails - holds) / 2;
    (condition(from_key(middle)) ? holds : fails) = middle;
  }
  return from_key(holds);
}

/// Whether a given label disagrees with the larger of the two sides, as the row summaries say it.
template <class W>
bool disagrees(W own, W other) {
  return static_cast<double>(other) > static_cast<double>(own) + kProbabilityTolerance;
}

/// The comparisons that counting and choosing issues are made of.
template <class W>
struct MultilabelLimits {
  static constexpr W kNone = std::numeric_limits<W>::infinity();

  W given_disagrees;       // p <=
  W missing_disagrees;     // p >=
  std::vector<W> present;  // per class, p >=
  std::vector<W> absent;   // per class, p <=

  explicit MultilabelLimits(const std::vector<AbsentPresent<double>>& thresholds)
      : given_disagrees(highest_with<W>([](W p) { return disagrees<W>(p, 1 - p); })),
        missing_disagrees(
            std::nextafter(highest_with<W>([](W p) { return !disagrees<W>(1 - p, p); }), kNone)) {
    present.reserve(thresholds.size());
    absent.reserve(thresholds.size());
    for (const AbsentPresent<double>& threshold : thresholds) {
      const W lowest_absent = round_up<W>(threshold[0] - kProbabilityTolerance);
      present.push_back(round_up<W>(threshold[1] - kProbabilityTolerance));
      absent.push_back(highest_with<W>([lowest_absent](W p) { return 1 - p >= lowest_absent; }));
    }
  }
};

}  // namespace labelsieve
