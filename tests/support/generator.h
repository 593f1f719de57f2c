// A generator of random numbers that gives the same ones on every machine.
#pragma once

#include <cmath>
#include <cstdint>

namespace test_support {

/// SplitMix64; <random>'s distributions differ between libraries.
class Generator {
 public:
  explicit Generator(uint64_t seed) : state_(seed) {}

  uint64_t bits() {
    uint64_t z = state_ += 0x9E3779B97F4A7C15U;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9U;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBU;
    return z ^ (z >> 31);
  }
  double uniform() { return std::ldexp(static_cast<double>(bits() >> 11), -53); }
  int64_t below(int64_t limit) {
    return static_cast<int64_t>(bits() % static_cast<uint64_t>(limit));
  }

 private:
  uint64_t state_;
};

}  // namespace test_support
