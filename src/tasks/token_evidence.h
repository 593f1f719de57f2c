// What the automatic token scores have to know of a whole dataset, counted in two passes.
//
// The counters hold integers and exact sums only: any split of the sentences among any number of
// them, put together in any order, gives the same bits.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "count/threshold_sums.h"
#include "tasks/token_sentence.h"

namespace labelsieve {

/// What probabilities and shares are raised by before they are divided.
inline constexpr double kTinyProbability = 1e-6;

/// How often the model says of some tokens that they are something else.
struct Preference {
  int64_t count = 0;
  int64_t preferred = 0;

  void add(bool prefers) {
    ++count;
    preferred += prefers ? 1 : 0;
  }
  void add(const Preference& other) {
    count += other.count;
    preferred += other.preferred;
  }
  /// sqrt(r / (1 - r)) with r = (preferred + 1/2) / (count + 1).
  double root_odds() const;
};

/// The first pass of one worker: how frequent things are.
struct TokenCounts {
  explicit TokenCounts(int64_t num_types) : sums(static_cast<size_t>(num_types)) {}

  void add(const TagColumns& tags, const TokenSentence& sentence);

  ThresholdSums sums;  ///< By type, the probability of the given type.
  /// By the Side of their label: tokens of spans whose class for the other side exists.
  std::array<Preference, 3> sides = {};
  /// The first and last tokens of spans of two and more, which the model may have outside.
  Preference edges;
  std::vector<double> own_probs;  ///< Of a sentence.
};

/// The second pass of one worker: the confident joint of types.
class TypeJoint {
 public:
  explicit TypeJoint(std::span<const double> thresholds)
      : thresholds_(thresholds), counts_(thresholds.size() * thresholds.size()) {}

  void add(const TokenSentence& sentence);
  std::span<const int64_t> counts() const { return counts_; }

 private:
  std::span<const double> thresholds_;
  std::vector<int64_t> counts_;  // rows given
};

/// The sum of both passes. Type k = 0 is outside.
struct TokenEvidence {
  /// From the first pass.
  explicit TokenEvidence(std::span<TokenCounts> counts, int64_t num_types);

  /// From the second pass; the base rates and the reliability are empty before. Exponent: as given,
  /// else m⁴ / (m⁴ + s⁴), m and s being the tokens that the joint has as missing (given outside,
  /// confidently in a type) and as spurious (the other way round), and half a token each.
  void add_joint(std::span<const TypeJoint> joints, std::optional<double> base_rate_exponent);

  std::vector<double> type_shares;  ///< Of all given types, with half a token each.
  /// The mean probability of each type where it is given; kNoThreshold where it never is.
  std::vector<double> thresholds;
  std::array<double, 3> side_counts = {};  ///< By Side, and one more each.
  std::array<double, 3> side_odds = {};
  double edge_odds = 0;
  /// What evidence is weighed against: the type shares to the power of the exponent.
  std::vector<double> base_rates;
  /// K x K: sqrt(R), R[given, k] = P(type k | given type): the rows of the joint with half a token
  /// per type, spread as the type shares, divided by their sums.
  std::vector<double> root_reliability;
};

}  // namespace labelsieve
