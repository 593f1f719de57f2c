// What the cuts of the automatic methods share: the chance of an error, and where to cut.
#pragma once

#include <algorithm>
#include <cstddef>
#include <functional>

namespace labelsieve {

/// How often labels of two classes are flipped: P(given the other | truly this).
struct FlipRates {
  double given = 0;  // of the given class, into its rival
  double rival = 0;  // of the rival, into the given class
};

/// The chance of an error if noise depends on the class alone. `share` is the calibrated
/// probability of the given class, of the two.
inline double class_noise_chance(double share, const FlipRates& rates) {
  constexpr double kLeastSignal = 1e-3;
  const double signal = std::max(1 - rates.given - rates.rival, kLeastSignal);
  const double right = std::clamp((share - rates.rival) / signal, 0.0, 1.0);
  const double wrong = (1 - right) * rates.rival;
  return wrong / std::max(wrong + right * (1 - rates.given), 1e-300);
}

/// The number of examples to flag: the first k with the largest 2 Σ_{j<=k} chance_j / (k + sum),
/// the expected F1. `chance_of` says what the chance of an element of `ranked` is.
template <class Ranked, class ChanceOf = std::identity>
size_t best_cut(const Ranked& ranked, double sum, const ChanceOf& chance_of = {}) {
  size_t best = 0;
  double best_f1 = 0;
  double found = 0;
  size_t flagged = 0;
  for (const auto& one : ranked) {
    found += std::invoke(chance_of, one);
    ++flagged;
    const double f1 = 2 * found / (static_cast<double>(flagged) + sum);
    if (f1 > best_f1) {
      best_f1 = f1;
      best = flagged;
    }
  }
  return best;
}

}  // namespace labelsieve
