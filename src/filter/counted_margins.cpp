#include "filter/counted_margins.h"

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
  choice.first_chosen = static_cast<uint32_t>(chosen);
  if (places > 0 && chosen > first) choice.offered = static_cast<uint32_t>(chosen - 1);
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
  for (int64_t i = 0; i < stretch.size; ++i) {
    const uint32_t place = margin_place(stretch.codes[i]);
    const int64_t pair = places.pair_of(place);
    const Choice choice = choices[pair];
    const int64_t row = margin_row(stretch.codes[i]);
    // Not branched on: which ones are chosen is hard to predict.
    row_flags[row] =
        static_cast<uint8_t>(row_flags[row] | (place >= choice.first_chosen ? bit : 0));
    if (place == choice.offered) {
      offers[static_cast<size_t>(pair / places.columns())].push_back(
          {number, static_cast<uint32_t>(i)});
    }
  }
}

}  // namespace labelsieve
