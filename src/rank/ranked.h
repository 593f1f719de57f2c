// Scores as numbers that sort fast.
#pragma once

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
uint64_t order_key(double score);

/// Sorts by key; equal ones must be in the order of their places. Cost: linear, by radix sort.
void sort_ranked(std::vector<Ranked>& order);

}  // namespace labelsieve
