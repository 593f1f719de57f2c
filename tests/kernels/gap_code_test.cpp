#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <random>

#include "kernels/row_summary_kernel.h"

namespace labelsieve {
namespace {

/// Looks at pairs of probabilities of every distance: the bound must hold and say something.
template <class W>
void check_bound() {
  std::mt19937 random(3);
  std::uniform_real_distribution<W> uniform(0, 1);
  for (int i = 0; i < 200000; ++i) {
    W maximum = uniform(random);
    W second = maximum * (i % 2 == 0 ? uniform(random) : 1 - std::ldexp(uniform(random), -i % 24));
    if (i % 3 == 0) {  // at the borders of codes
      maximum = std::min(W{1}, static_cast<W>(std::ceil(maximum * 65535) - W{0.5}) / 65535);
      second = std::nextafter(static_cast<W>(std::floor(second * 65535) + W{0.5}) / 65535, W{0});
    }
    second = std::min(second, maximum);
    const int code = gap_code(probability_code(maximum), leading_code(probability_code(second)));
    const double margin = static_cast<double>(second) - static_cast<double>(maximum);
    ASSERT_LE(margin, most_margin(code)) << maximum << " " << second;
    ASSERT_GE(margin, most_margin(code + 2) - 1e-4) << maximum << " " << second;
  }
}

TEST(GapCode, BoundsTheMargin) {
  check_bound<float>();
  check_bound<double>();
}

}  // namespace
}  // namespace labelsieve
