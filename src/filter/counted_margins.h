// The largest margins of each pair of classes, found by counting instead of by keeping candidates.
#pragma once

#include <cstdint>
#include <limits>
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

  /// Calls f(truth, margin, index) for the rows of a given class to offer, once. Different classes
  /// do not disturb each other.
  template <class F>
  void take_offers(int64_t given, const F& f) {
    for (std::vector<std::vector<Offer>>& worker : offers_) {
      std::vector<Offer> offers;
      offers.swap(worker[static_cast<size_t>(given)]);
      for (const Offer& offer : offers) {
        const LargeMargins::Stretch& stretch = stretches_[offer.stretch];
        const uint32_t code = stretch.codes[offer.position];
        const int64_t pair = margins_.places().pair_of(margin_place(code));
        f(static_cast<int32_t>(pair % margins_.places().columns()), stretch.value(offer.position),
          stretch.first_row + margin_row(code));
      }
    }
  }

 private:
  /// A margin that may be among the largest. Small: where all are alike, every row has one.
  struct Offer {
    uint32_t stretch = 0;
    uint32_t position = 0;
  };

  void mark_stretch(uint32_t stretch, uint8_t bit, std::span<uint8_t> flags,
                    std::vector<std::vector<Offer>>& offers) const;

  const LargeMargins& margins_;
  std::vector<LargeMargins::Stretch> stretches_;
  // By pair: all of its places from the one on are chosen; one before it may be offered.
  struct Choice {
    uint32_t first_wanted = std::numeric_limits<uint32_t>::max();  // offered or chosen
    uint32_t first_chosen = std::numeric_limits<uint32_t>::max();
  };
  std::vector<Choice> choices_;
  std::vector<std::vector<std::vector<Offer>>> offers_;  // by worker and given class
};

}  // namespace labelsieve
