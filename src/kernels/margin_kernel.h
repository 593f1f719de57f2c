// The margins of other classes over the given one.
#pragma once

#include <cstdint>
#include <span>

#include "kernels/rows.h"

namespace labelsieve {

/// Margins are listed for rows of at most so many columns.
inline constexpr int64_t kMaxMarginColumns = 64;

/// Where margins from 0 to 1 are counted: for each given and each other class in intervals of equal
/// width, whose bounds all element types hold exactly. The more classes, the fewer intervals.
class MarginPlaces {
 public:
  /// All places are below 2^kBits.
  static constexpr int kBits = 17;

  explicit MarginPlaces(int64_t columns) : columns_(columns) {
    while (columns_ * columns_ << shift_ > int64_t{1} << kBits) --shift_;
  }

  int64_t columns() const { return columns_; }
  int64_t num_pairs() const { return columns_ * columns_; }
  int64_t size() const { return num_pairs() << shift_; }

  /// Of each pair of classes; a power of 2.
  int64_t num_intervals() const { return int64_t{1} << shift_; }

  /// The first place of a pair, which is of the smallest margins.
  int64_t first(int64_t given, int64_t truth) const { return (given * columns_ + truth) << shift_; }
  /// given * columns() + truth.
  int64_t pair_of(int64_t place) const { return place >> shift_; }

 private:
  int64_t columns_;
  int shift_ = 8;
};

/// A margin's code: the position of its row in the tile above its place.
inline constexpr uint32_t margin_place(uint32_t code) {
  return code & ((uint32_t{1} << MarginPlaces::kBits) - 1);
}
inline constexpr int64_t kMaxMarginRow = (int64_t{1} << (32 - MarginPlaces::kBits)) - 1;
inline constexpr int64_t margin_row(uint32_t code) { return code >> MarginPlaces::kBits; }

/// Elements that list_margins() may write behind the last one.
inline constexpr int64_t kMarginPadding = 64;

/// Lists the margins P[i, k] - P[i, labels[i]] >= lowest of all k for the rows i at `positions`, in
/// their order, and returns their number. `lowest` is above kProbabilityTolerance. `margins` and
/// `codes` have room for kMarginPadding more than all columns of these rows.
int64_t list_margins(const Rows<float16>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                     float* margins, uint32_t* codes);
int64_t list_margins(const Rows<float>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, float lowest,
                     float* margins, uint32_t* codes);
int64_t list_margins(const Rows<double>& rows, const int32_t* labels,
                     std::span<const uint32_t> positions, const MarginPlaces& places, double lowest,
                     double* margins, uint32_t* codes);

}  // namespace labelsieve
