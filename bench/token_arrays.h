// Arrays of tokens, in memory: where sentences begin, and the problem of one kind of span.
#pragma once

#include <cstdint>
#include <vector>

#include "labelsieve/labelsieve.h"

namespace labelsieve_bench {

class TokenArrays {
 public:
  TokenArrays() = default;

  /// Sentences of these lengths over the rows of `source`, which is of one block. Every class but
  /// the first is inside of a span, with the probability 1 - P[i, 0].
  TokenArrays(const std::vector<int64_t>& lengths, labelsieve::MemorySource source);

  labelsieve::Sentences sentences() const { return labelsieve::Sentences(offsets_); }

  /// The labels 0 and 1, and a single column of probabilities.
  labelsieve::MemorySource inside() const;

 private:
  std::vector<int64_t> offsets_ = {0};
  std::vector<int64_t> labels_;
  std::vector<float> probs_;
};

}  // namespace labelsieve_bench
