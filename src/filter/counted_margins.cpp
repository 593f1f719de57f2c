#include "filter/counted_margins.h"

#include <limits>

#include "base/parallel.h"

namespace labelsieve {

CountedMargins::CountedMargins(const LargeMargins& margins)
    : margins_(margins),
      first_chosen_(static_cast<size_t>(margins.places().num_pairs()),
                    std::numeric_limits<uint32_t>::max()) {}

int64_t CountedMargins::give_places(int64_t given, int64_t truth, int64_t places) {
  const MarginPlaces& all = margins_.places();
  const int64_t first = all.first(given, truth);
  int64_t chosen = first + all.num_intervals();
  while (chosen > first) {
    const int64_t count = margins_.count(chosen - 1);
    if (count > places) break;
    places -= count;
    --chosen;
  }
  first_chosen_[static_cast<size_t>(all.pair_of(first))] = static_cast<uint32_t>(chosen);
  return places;
}

void CountedMargins::mark_chosen(const Execution& execution, uint8_t bit,
                                 std::span<uint8_t> flags) {
  const std::vector<LargeMargins::Stretch> stretches = margins_.stretches();
  const auto count = static_cast<int64_t>(stretches.size());
  const std::vector<std::vector<Offer>> none(static_cast<size_t>(margins_.places().columns()));
  offers_.assign(static_cast<size_t>(num_workers(execution, count)), none);
  parallel_for(count, execution, {"margins", 0, count, 1}, [&](int64_t piece, int worker) {
    mark_stretch(stretches[static_cast<size_t>(piece)], bit, flags,
                 offers_[static_cast<size_t>(worker)]);
  });
}

void CountedMargins::mark_stretch(const LargeMargins::Stretch& stretch, uint8_t bit,
                                  std::span<uint8_t> flags,
                                  std::vector<std::vector<Offer>>& offers) const {
  // Copies, which bytes that are written cannot be.
  const MarginPlaces places = margins_.places();
  const uint32_t* const first_chosen = first_chosen_.data();
  const uint32_t* const codes = stretch.codes;
  uint8_t* const row_flags = flags.data() + stretch.first_row;
  const int64_t size = stretch.size;
  for (int64_t i = 0; i < size; ++i) {
    const uint32_t place = margin_place(codes[i]);
    const int64_t pair = places.pair_of(place);
    const uint32_t chosen = first_chosen[pair];
    const int64_t row = margin_row(codes[i]);
    // Not branched on: which ones are chosen is hard to predict.
    row_flags[row] = static_cast<uint8_t>(row_flags[row] | (place >= chosen ? bit : 0));
    if (place + 1 == chosen) {
      offers[static_cast<size_t>(pair / places.columns())].push_back(
          {static_cast<int32_t>(pair % places.columns()), stretch.value(i),
           stretch.first_row + row});
    }
  }
}

}  // namespace labelsieve
