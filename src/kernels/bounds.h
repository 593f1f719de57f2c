// Tolerances of docs/definitions.md as comparisons in the element's own type.
#pragma once

#include <cmath>
#include <limits>

namespace labelsieve {

/// Probabilities may overshoot [0, 1] by rounding; closeness to a row's maximum uses the same.
inline constexpr double kProbabilityTolerance = 1e-6;

/// Row sums further than this from 1 are reported. The little extra keeps rows whose sum is the
/// bound itself, but for rounding, on one side on every instruction set.
inline constexpr double kRowSumTolerance = 1e-2 + 5e-5;

/// The largest T that is <= x, so that `v <= x` in exact arithmetic is one comparison in T.
template <class T>
T round_down(double x) {
  const T rounded = static_cast<T>(x);
  return static_cast<double>(rounded) > x
             ? std::nextafter(rounded, -std::numeric_limits<T>::infinity())
             : rounded;
}

/// The smallest T that is >= x.
template <class T>
T round_up(double x) {
  const T rounded = static_cast<T>(x);
  return static_cast<double>(rounded) < x
             ? std::nextafter(rounded, std::numeric_limits<T>::infinity())
             : rounded;
}

/// Valid probabilities are exactly those in [lowest, highest] of their own type.
template <class T>
struct ProbabilityBounds {
  T lowest = round_up<T>(-kProbabilityTolerance);
  T highest = round_down<T>(1 + kProbabilityTolerance);

  bool contain(T value) const { return value >= lowest && value <= highest; }  // false for NaN
};

}  // namespace labelsieve
