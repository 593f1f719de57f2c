// Token data for the tests: sentences of every length, one after another, and taken apart again.
#pragma once

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "labelsieve/sentences.h"
#include "support/sources.h"

namespace tasks_test {

using test_support::Data;
using test_support::Kind;
using test_support::Stored;

/// Lengths from 0 to 12, some of them 0 and 1, that add up to `tokens`.
std::vector<int64_t> random_lengths(int64_t tokens, uint64_t seed);

/// Flattened tokens with the offsets of their sentences.
struct Corpus {
  Data data;
  std::vector<int64_t> offsets;

  labelsieve::Sentences sentences() const { return labelsieve::Sentences(offsets); }
};

/// The same for the same arguments.
Corpus make_corpus(Kind kind, int64_t tokens, int64_t num_classes, uint64_t seed);

/// A random sequence of labels that a tag scheme may or may not allow, of `num_classes` classes.
std::vector<int64_t> random_labels(int64_t length, int64_t num_classes, std::mt19937_64& random);

}  // namespace tasks_test
