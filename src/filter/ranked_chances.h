// The disagreements in the order of the automatic ranking.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <span>

#include "filter/disagreements.h"
#include "labelsieve/execution.h"

namespace labelsieve {

/// A disagreement and the chance that its label is wrong.
struct RankedChance {
  double log_odds;
  int64_t index;
  double chance;
};

/// Writes the chances of some disagreements; called by several threads.
using WriteChances = std::function<void(std::span<const Disagreement> some, std::span<double> out)>;

/// Those that are most likely errors first, ties to the lower index.
class RankedChances {
 public:
  /// Cost: one sort.
  RankedChances(const Disagreements& disagreements, const WriteChances& write_chances,
                const Execution& execution);

  std::span<const RankedChance> all() const { return {ranked_.get(), size_}; }

 private:
  size_t size_ = 0;
  std::unique_ptr<RankedChance[]> ranked_;  // what is written once need not be cleared before
};

}  // namespace labelsieve
