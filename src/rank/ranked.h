// Scores as numbers that sort fast.
#pragma once

#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

namespace labelsieve {

/// A score as a number, and its place among all, which decides between equal scores.
struct Ranked {
  uint64_t key;
  size_t place;

  bool operator<(const Ranked& other) const {
    return key != other.key ? key < other.key : place < other.place;
  }
};

/// A number that orders as the scores do, NaN last.
inline uint64_t order_key(double score) {
  if (std::isnan(score)) return ~uint64_t{0};
  const auto bits = std::bit_cast<uint64_t>(score + 0.0);  // -0 is 0
  return (bits >> 63) != 0 ? ~bits : bits | uint64_t{1} << 63;
}

/// Sorts by key; equal ones must be in the order of their places. Cost: linear, by radix sort.
void sort_ranked(std::vector<Ranked>& order);

}  // namespace labelsieve
