#include "filter/counted_margins.h"

#include <algorithm>

#include "base/parallel.h"

namespace labelsieve {

CountedMargins::CountedMargins(const LargeMargins& margins)
    : margins_(margins),
      stretches_(margins.stretches()),
      choices_(static_cast<size_t>(margins.places().num_pairs())) {}

int64_t CountedMargins::give_places(int64_t given, int64_t truth, int64_t places) {
  const MarginPlaces& all = margins_.places();
  const int64_t first = all.first(given, truth);
  int64_t chosen = first + all.num_intervals();
  for (; chosen > first; --chosen) {
    const int64_t count = margins_.count(chosen - 1);
    if (count > places) break;
    places -= count;
  }
  Choice& choice = choices_[static_cast<size_t>(all.pair_of(first))];
  const bool has_offers = places > 0 && chosen > first;
  choice.first_chosen = static_cast<uint32_t>(chosen);
  choice.first_wanted = static_cast<uint32_t>(has_offers ? chosen - 1 : chosen);
  return places;
}

void CountedMargins::mark_chosen(const Execution& execution, uint8_t bit,
                                 std::span<uint8_t> flags) {
  const auto count = static_cast<int64_t>(stretches_.size());
  const std::vector<std::vector<Offer>> none(static_cast<size_t>(margins_.places().columns()));
  offers_.assign(static_cast<size_t>(num_workers(execution, count)), none);
  const auto rows = static_cast<int64_t>(flags.size());
  const Stage stage{"marking", 0, rows, count > 0 ? rows / count : 0};
  parallel_for(count, execution, stage, [&](int64_t piece, int worker) {
    mark_stretch(static_cast<uint32_t>(piece), bit, flags, offers_[static_cast<size_t>(worker)]);
  });
}

void CountedMargins::mark_stretch(uint32_t number, uint8_t bit, std::span<uint8_t> flags,
                                  std::vector<std::vector<Offer>>& offers) const {
  // Copies, which bytes that are written cannot be.
  const LargeMargins::Stretch stretch = stretches_[number];
  const MarginPlaces places = margins_.places();
  const Choice* const choices = choices_.data();
  uint8_t* const row_flags = flags.data() + stretch.first_row;
  constexpr int64_t kAtOnce = 512;
  uint32_t wanted[kAtOnce];
  for (int64_t begin = 0; begin < stretch.size; begin += kAtOnce) {
    const int64_t end = std::min(begin + kAtOnce, stretch.size);
    // Listed, and not branched on: which ones are wanted is hard to predict. Nor are flags changed
    // here: those of a row would have to wait for each other.
    int64_t num_wanted = 0;
    for (int64_t i = begin; i < end; ++i) {
      const uint32_t place = margin_place(stretch.codes[i]);
      wanted[num_wanted] = static_cast<uint32_t>(i);
      num_wanted += place >= choices[places.pair_of(place)].first_wanted ? 1 : 0;
    }
    for (const uint32_t i : std::span(wanted, static_cast<size_t>(num_wanted))) {
      const uint32_t place = margin_place(stretch.codes[i]);
      const int64_t pair = places.pair_of(place);
      if (place >= choices[pair].first_chosen) {
        row_flags[margin_row(stretch.codes[i])] |= bit;
      } else {
        offers[static_cast<size_t>(pair / places.columns())].push_back({number, i});
      }
    }
  }
}

}  // namespace labelsieve
