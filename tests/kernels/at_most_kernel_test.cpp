#include "kernels/at_most_kernel.h"

#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>
#include <vector>

#include "kernels/isa.h"

namespace labelsieve {
namespace {

std::vector<double> some_values(size_t size, std::mt19937& random) {
  constexpr double kInfinity = std::numeric_limits<double>::infinity();
  std::vector<double> values(size);
  for (double& value : values) {
    const auto kind = random() % 16;
    value = static_cast<double>(random() % 100) / 100;
    if (kind == 0) value = std::numeric_limits<double>::quiet_NaN();
    if (kind == 1) value = random() % 2 == 0 ? kInfinity : -kInfinity;
  }
  return values;
}

TEST(AtMost, ListsPositionsOnEveryInstructionSet) {
  std::mt19937 random(5);
  for (const std::string& isa : supported_isas()) {
    force_isa(isa);
    for (const size_t size : {0U, 1U, 3U, 7U, 8U, 9U, 64U, 1000U}) {
      const std::vector<double> values = some_values(size, random);
      for (const double limit : {-1.0, 0.0, 0.25, 0.5, 1.0}) {
        std::vector<uint32_t> expected;
        for (size_t i = 0; i < size; ++i) {
          if (values[i] <= limit) expected.push_back(static_cast<uint32_t>(i));
        }
        std::vector<uint32_t> found(size + kAtMostPadding);
        found.resize(static_cast<size_t>(
            positions_at_most(values.data(), static_cast<int64_t>(size), limit, found.data())));
        EXPECT_EQ(expected, found) << isa << " " << size << " " << limit;
      }
    }
  }
  force_isa("");
}

}  // namespace
}  // namespace labelsieve
