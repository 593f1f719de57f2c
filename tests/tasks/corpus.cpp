#include "tasks/corpus.h"

#include <algorithm>

namespace tasks_test {

std::vector<int64_t> random_lengths(int64_t tokens, uint64_t seed) {
  std::mt19937_64 random(seed);
  std::vector<int64_t> lengths = {0, 1};  // awkward ones at both ends
  int64_t left = tokens - 1;
  while (left > 0) {
    const auto length = std::min<int64_t>(left, static_cast<int64_t>(random() % 13));
    lengths.push_back(length);
    left -= length;
  }
  lengths.push_back(0);
  return lengths;
}

Corpus make_corpus(Kind kind, int64_t tokens, int64_t num_classes, uint64_t seed) {
  return {test_support::make_data(kind, tokens, num_classes, seed),
          labelsieve::offsets_from_lengths(random_lengths(tokens, seed))};
}

std::vector<int64_t> random_labels(int64_t length, int64_t num_classes, std::mt19937_64& random) {
  std::vector<int64_t> labels;
  for (int64_t i = 0; i < length; ++i) {
    labels.push_back(static_cast<int64_t>(random() % static_cast<uint64_t>(num_classes)));
  }
  return labels;
}

}  // namespace tasks_test
