// The largest margins of each pair of classes, found by counting instead of by keeping candidates.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "count/large_margins.h"
#include "labelsieve/execution.h"

namespace labelsieve {

/// Chooses the rows with the largest margins of one class over the given one, ties to the lower
/// index. That margins have been counted by intervals tells all that are chosen but those of the
/// interval in which the last place falls: these are offered to a selection.
class CountedMargins {
 public:
  /// `margins` must be complete.
  explicit CountedMargins(const LargeMargins& margins);

  /// Gives a pair of classes so many places; without them it chooses nothing. Returns how many are
  /// left to the margins that will be offered. Different pairs do not disturb each other.
  int64_t give_places(int64_t given, int64_t truth, int64_t places);

  /// Sets `bit` in the flags of all rows that are surely chosen, and finds those to offer.
  void mark_chosen(const Execution& execution, uint8_t bit, std::span<uint8_t> flags);

  /// A row that may be chosen for its margin.
  struct Offer {
    int32_t truth = 0;
    double margin = 0;
    int64_t index = 0;
  };

  /// Calls f(offer) for the rows of a given class to offer.
  template <class F>
  void for_each_offer(int64_t given, const F& f) const {
    for (const std::vector<std::vector<Offer>>& worker : offers_) {
      for (const Offer& offer : worker[static_cast<size_t>(given)]) f(offer);
    }
  }

 private:
  void mark_stretch(const LargeMargins::Stretch& stretch, uint8_t bit, std::span<uint8_t> flags,
                    std::vector<std::vector<Offer>>& offers) const;

  const LargeMargins& margins_;
  // By pair: all places of the pair from here on are chosen, the one before is offered.
  std::vector<uint32_t> first_chosen_;
  std::vector<std::vector<std::vector<Offer>>> offers_;  // by worker and given class
};

}  // namespace labelsieve
