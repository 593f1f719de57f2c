#include "kernels/class_count_kernel.h"

#include <gtest/gtest.h>

#include <cstdint>
#include <random>
#include <vector>

namespace labelsieve {
namespace {

/// Probabilities of every size, among them those at the limits of the fixed-point unit.
std::vector<float> some_probabilities(size_t size, std::mt19937& random) {
  std::uniform_real_distribution<float> uniform(0, 1);
  std::vector<float> probabilities(size);
  for (float& p : probabilities) {
    switch (random() % 8) {
      case 0: p = 0; break;
      case 1: p = 1; break;
      case 2: p = kSmallestClassSummand * uniform(random); break;
      case 3: p = kSmallestClassSummand; break;
      default: p = uniform(random);
    }
  }
  return probabilities;
}

std::vector<int32_t> some_classes(size_t size, int32_t num_classes, std::mt19937& random) {
  std::vector<int32_t> classes(size);
  for (int32_t& c : classes) {
    c = static_cast<int32_t>(random() % static_cast<uint32_t>(num_classes + 1)) - 1;
  }
  return classes;
}

class ClassCounts : public testing::TestWithParam<int32_t> {};

TEST_P(ClassCounts, SumsAreExact) {
  const int32_t num_classes = GetParam();
  std::mt19937 random(7);
  for (const size_t size : {0U, 1U, 15U, 16U, 17U, 1023U, 1024U, 1025U, 5000U}) {
    const auto classes = some_classes(size, num_classes, random);
    const auto probabilities = some_probabilities(size, random);
    std::vector<int64_t> sums(static_cast<size_t>(num_classes), 3);
    std::vector<int64_t> counts(static_cast<size_t>(num_classes), 4);
    std::vector<uint32_t> small(size + kClassPadding);
    const auto count = static_cast<int64_t>(size);
    small.resize(
        static_cast<size_t>(add_class_sums(classes.data(), probabilities.data(), count, num_classes,
                                           {sums.data(), counts.data()}, small.data())));
    std::vector<int64_t> expected_sums(static_cast<size_t>(num_classes), 3);
    std::vector<int64_t> expected_counts(static_cast<size_t>(num_classes), 4);
    std::vector<uint32_t> expected_small;
    for (size_t i = 0; i < size; ++i) {
      if (classes[i] < 0) continue;
      if (probabilities[i] < kSmallestClassSummand) {
        expected_small.push_back(static_cast<uint32_t>(i));
        continue;
      }
      const double units = static_cast<double>(probabilities[i]) / kClassSumUnit;
      ASSERT_EQ(units, static_cast<double>(static_cast<int64_t>(units)));
      expected_sums[static_cast<size_t>(classes[i])] += static_cast<int64_t>(units);
      ++expected_counts[static_cast<size_t>(classes[i])];
    }
    EXPECT_EQ(sums, expected_sums) << size;
    EXPECT_EQ(counts, expected_counts) << size;
    EXPECT_EQ(small, expected_small) << size;
  }
}

TEST_P(ClassCounts, AgreeingAndOthers) {
  const int32_t num_classes = GetParam();
  std::mt19937 random(8);
  for (const size_t size : {0U, 1U, 63U, 64U, 65U, 1024U, 3000U}) {
    const auto given = some_classes(size, num_classes, random);
    auto guesses = some_classes(size, num_classes, random);
    for (size_t i = 0; i < size; ++i) {
      if (random() % 2 == 0) guesses[i] = given[i];
    }
    std::vector<int64_t> counts(static_cast<size_t>(num_classes), 5);
    std::vector<uint32_t> others(size + kClassPadding);
    others.resize(
        static_cast<size_t>(count_agreeing(given.data(), guesses.data(), static_cast<int64_t>(size),
                                           num_classes, counts.data(), others.data())));
    std::vector<int64_t> expected(static_cast<size_t>(num_classes), 5);
    std::vector<uint32_t> expected_others;
    for (size_t i = 0; i < size; ++i) {
      if (guesses[i] < 0) continue;
      if (guesses[i] == given[i]) {
        ++expected[static_cast<size_t>(guesses[i])];
      } else {
        expected_others.push_back(static_cast<uint32_t>(i));
      }
    }
    EXPECT_EQ(counts, expected) << size;
    EXPECT_EQ(others, expected_others) << size;
  }
}

INSTANTIATE_TEST_SUITE_P(Classes, ClassCounts,
                         testing::Values(1, 2, 10, 16, 17, 33, 100, 200, 300));

}  // namespace
}  // namespace labelsieve
