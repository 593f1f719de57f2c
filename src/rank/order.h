// Places in the order of their scores.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/rank.h"

namespace labelsieve {

/// The places of the bytes that are not 0, ascending.
std::vector<int64_t> places_of(std::span<const uint8_t> mask);

/// The places of the examples, lowest label quality first, NaN last, ties to the lower place. Cost:
/// linear, by radix sort; 32 bytes an example.
std::vector<size_t> order_by_quality(const std::vector<Example>& examples);

/// The places of the scores in that order.
std::vector<size_t> order_by_score(std::span<const double> scores);

}  // namespace labelsieve
