// Sums of mostly-zero sequences in the order of pairwise summation.
#pragma once

#include <cstdint>
#include <span>

namespace labelsieve {

/// A value at a position of a sequence that is 0 elsewhere.
struct PositionedValue {
  int64_t position = 0;
  double value = 0;
};

/// The sum of a sequence of `length` numbers, of which `values` (ascending positions) may be
/// non-zero, with the roundings of pairwise summation over the whole sequence: halves down to 128
/// elements, eight interleaved partial sums in each. It is the order in which NumPy adds
/// contiguous numbers, so that roundings which decide ties come out as in the reference.
/// Cost: O(values · log length).
double pairwise_sum(std::span<const PositionedValue> values, int64_t length);

}  // namespace labelsieve
