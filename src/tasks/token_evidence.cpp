#include "tasks/token_evidence.h"

#include <algorithm>
#include <cmath>
#include <utility>

namespace labelsieve {
namespace {

constexpr double kHalfToken = 0.5;

/// What a mean may differ from equal numbers by rounding.
constexpr double kRounding = 1e-12;

/// How far the joint supports that spans are missing, rather than spurious.
double supported_exponent(std::span<const double> joint, size_t num_types) {
  double missing = kHalfToken;
  double spurious = kHalfToken;
  for (size_t k = 1; k < num_types; ++k) {
    missing += joint[k];
    spurious += joint[k * num_types];
  }
  const double odds = missing / spurious;
  const double fourth = odds * odds * odds * odds;
  return 1 / (1 + 1 / fourth);
}

}  // namespace

double Preference::root_odds() const {
  const double share =
      (static_cast<double>(preferred) + kHalfToken) / (static_cast<double>(count) + 1);
  return std::sqrt(share / (1 - share));
}

void TokenCounts::add(const TagColumns& tags, const TokenSentence& sentence) {
  const auto num_columns = static_cast<size_t>(tags.num_columns());
  const auto num_types = static_cast<size_t>(tags.num_types());
  own_probs.clear();
  for (size_t i = 0; i < sentence.size(); ++i) {
    const auto type = static_cast<size_t>(sentence.types[i]);
    // Rows that do not add up to 1 are legal; the sums hold no more than 1.
    own_probs.push_back(std::min(sentence.type_probs[i * num_types + type], 1.0));
    const int32_t given = sentence.given[i];
    const int32_t other = tags.other_side(given);
    if (other < 0) continue;
    const double* row = &sentence.columns[i * num_columns];
    sides[static_cast<size_t>(tags.side_of(given))].add(row[other] + kTinyProbability >
                                                        row[given] + kTinyProbability);
  }
  sums.add(sentence.types.data(), own_probs.data(), static_cast<int64_t>(sentence.size()));
  for (const Span& span : sentence.spans) {
    if (span.end - span.start < 2) continue;
    for (const int64_t at : {span.start, span.end - 1}) {
      const double* row = &sentence.type_probs[static_cast<size_t>(at) * num_types];
      edges.add(row[0] > row[span.type + 1]);
    }
  }
}

void TypeJoint::add(const TokenSentence& sentence) {
  const size_t num_types = thresholds_.size();
  for (size_t i = 0; i < sentence.size(); ++i) {
    const double* row = &sentence.type_probs[i * num_types];
    size_t best = num_types;
    for (size_t k = 0; k < num_types; ++k) {
      if (row[k] < thresholds_[k] - kRounding) continue;
      if (best == num_types || row[k] > row[best]) best = k;
    }
    if (best == num_types) continue;
    ++counts_[static_cast<size_t>(sentence.types[i]) * num_types + best];
  }
}

TokenEvidence::TokenEvidence(std::span<TokenCounts> counts, int64_t num_types) {
  const auto size = static_cast<size_t>(num_types);
  std::vector<__int128> sums(size);
  std::vector<int64_t> type_counts(size);
  std::array<Preference, 3> sides = {};
  Preference edges;
  for (TokenCounts& part : counts) {
    part.sums.add_to(sums, type_counts);
    for (size_t side = 0; side < sides.size(); ++side) sides[side].add(part.sides[side]);
    edges.add(part.edges);
  }
  int64_t total = 0;
  for (const int64_t count : type_counts) total += count;
  for (size_t k = 0; k < size; ++k) {
    type_shares.push_back((static_cast<double>(type_counts[k]) + kHalfToken) /
                          (static_cast<double>(total) + kHalfToken * static_cast<double>(size)));
    thresholds.push_back(threshold_from(sums[k], type_counts[k]));
  }
  for (size_t side = 0; side < sides.size(); ++side) {
    side_counts[side] = static_cast<double>(sides[side].count) + 1;
    side_odds[side] = sides[side].root_odds();
  }
  edge_odds = edges.root_odds();
}

void TokenEvidence::add_joint(std::span<const TypeJoint> joints,
                              std::optional<double> base_rate_exponent) {
  const size_t size = type_shares.size();
  std::vector<double> counts(size * size);
  for (size_t cell = 0; cell < counts.size(); ++cell) {
    int64_t count = 0;
    for (const TypeJoint& joint : joints) count += joint.counts()[cell];
    counts[cell] = static_cast<double>(count);
  }
  const double exponent = base_rate_exponent.value_or(supported_exponent(counts, size));
  for (const double share : type_shares) base_rates.push_back(std::pow(share, exponent));
  root_reliability = std::move(counts);
  for (size_t given = 0; given < size; ++given) {
    double* row = &root_reliability[given * size];
    double total = 0;
    for (size_t k = 0; k < size; ++k) {
      row[k] += kHalfToken * static_cast<double>(size) * type_shares[k];
      total += row[k];
    }
    for (size_t k = 0; k < size; ++k) row[k] = std::sqrt(row[k] / total);
  }
}

}  // namespace labelsieve
