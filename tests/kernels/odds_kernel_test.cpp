#include "kernels/odds_kernel.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <limits>
#include <random>
#include <vector>

#include "kernels/every_isa.h"
#include "kernels/label_decode.h"
#include "labelsieve/auto_model.h"

namespace labelsieve {
namespace {

class OddsKernel : public test_support::EveryIsa {};
INSTANTIATE_FOR_EVERY_ISA(OddsKernel);

std::vector<int32_t> some_labels(size_t size, int32_t num_classes, std::mt19937& random) {
  std::vector<int32_t> labels(size);
  for (int32_t& label : labels) {
    label = static_cast<int32_t>(random() % static_cast<uint32_t>(num_classes + 1)) - 1;
  }
  return labels;
}

/// The bound holds for the probabilities behind the codes, and is not far from them.
template <class W>
void check_most_odds() {
  std::mt19937 random(3);
  std::uniform_real_distribution<W> uniform(0, 1);
  for (const size_t size : {0U, 1U, 7U, 16U, 33U, 1000U}) {
    const auto labels = some_labels(size, 5, random);
    std::vector<uint16_t> maximum(size);
    std::vector<uint16_t> argmax(size);
    std::vector<uint8_t> second(size);
    std::vector<W> own(size);
    std::vector<W> largest_other(size);
    for (size_t i = 0; i < size; ++i) {
      const W top = uniform(random);
      const W next = top * uniform(random);
      argmax[i] = random() % 16 == 0 ? kClassNotHeld : static_cast<uint16_t>(random() % 5);
      const bool is_top = argmax[i] == labels[i];
      maximum[i] = probability_code(top);
      second[i] = leading_code(probability_code(next));
      own[i] = is_top ? top : random() % 8 == 0 ? W{0} : next;
      largest_other[i] = is_top ? next : top;
    }
    std::vector<float> odds(size, -1);
    write_most_odds({maximum.data(), argmax.data(), second.data(), nullptr}, own.data(),
                    labels.data(), static_cast<int64_t>(size), odds.data());
    for (size_t i = 0; i < size; ++i) {
      if (labels[i] == kIgnored) {
        ASSERT_EQ(0, odds[i]);
        continue;
      }
      const double least_own = std::max(static_cast<double>(own[i]), kAutoProbabilityFloor);
      const double exact = static_cast<double>(largest_other[i]) / least_own;
      ASSERT_GE(static_cast<double>(odds[i]), exact * (1 - 1e-6));
      ASSERT_LE(static_cast<double>(odds[i]), exact * (1 + 1e-6) + 0.004 / least_own);
    }
  }
}

TEST_P(OddsKernel, BoundsTheOdds) {
  check_most_odds<float>();
  check_most_odds<double>();
}

TEST_P(OddsKernel, SelectsWhatIsAboveTheLimitOfItsLabel) {
  std::mt19937 random(4);
  std::uniform_real_distribution<float> uniform(0, 2);
  for (const int32_t num_classes : {1, 2, 3, 4, 5, 8, 9, 16, 17, 40}) {
    std::vector<float> least(static_cast<size_t>(num_classes));
    for (float& one : least) one = uniform(random);
    least.back() = std::numeric_limits<float>::infinity();
    least.front() = 0;
    for (const size_t size : {0U, 1U, 15U, 16U, 17U, 500U}) {
      const auto labels = some_labels(size, num_classes, random);
      std::vector<float> odds(size);
      std::vector<uint32_t> expected;
      for (size_t i = 0; i < size; ++i) {
        const auto label = static_cast<size_t>(std::max(labels[i], 0));
        odds[i] = labels[i] == kIgnored ? 0 : random() % 4 == 0 ? least[label] : uniform(random);
        if (odds[i] > least[label]) expected.push_back(static_cast<uint32_t>(i));
      }
      std::vector<uint32_t> positions(size + kOddsPadding);
      positions.resize(
          static_cast<size_t>(select_by_odds(odds.data(), labels.data(), static_cast<int64_t>(size),
                                             least.data(), num_classes, positions.data())));
      EXPECT_EQ(expected, positions) << size << " of " << num_classes;
    }
  }
}

}  // namespace
}  // namespace labelsieve
