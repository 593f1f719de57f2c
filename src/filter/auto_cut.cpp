#include "filter/auto_cut.h"

#include <algorithm>
#include <cmath>

#include "filter/auto_chance.h"
#include "filter/disagreements.h"
#include "filter/ranked_chances.h"
#include "kernels/correction_kernel.h"
#include "labelsieve/pair_counts.h"

namespace labelsieve {
namespace {

/// The chance of an error if noise depends on the class alone and the model knows its own limits:
/// between the two classes of a disagreement, with the flip rates that the confusion of the
/// corrected predictions with the labels shows.
class ClassNoise {
 public:
  /// `pairs` counts the disagreements by (rival, given).
  ClassNoise(const PairCounts& pairs, std::span<const int64_t> label_counts, const AutoModel& model)
      : model_(model),
        agreeing_(label_counts.begin(), label_counts.end()),
        confusion_(pairs.to_matrix()) {
    for (size_t e = 0; e < confusion_.values.size(); ++e) {
      agreeing_[static_cast<size_t>(confusion_.columns[e])] -= confusion_.values[e];
    }
    if (model.num_classes > 1 && model.num_classes <= kMaxTableClasses) fill_table();
  }

  /// Writes the chances of some disagreements.
  void error_probabilities(std::span<const Disagreement> some, std::span<double> out) const {
    std::vector<FlipRates> rates(some.size());
    for (size_t i = 0; i < some.size(); ++i) {
      const Disagreement& d = some[i];
      rates[i] = {flip_rate(d.given, d.rival), flip_rate(d.rival, d.given)};
      out[i] = d.log_odds - model_.correction(d.given, d.rival);
    }
    write_factors(out.data(), static_cast<int64_t>(out.size()), 1, out.data());
    // q(given) / (q(given) + q(rival)) without the correction is 1 / (1 + the odds).
    for (size_t i = 0; i < out.size(); ++i) {
      out[i] = class_noise_chance(1 / (1 + out[i]), rates[i]);
    }
  }

 private:
  /// Up to here all flip rates are worked out beforehand.
  static constexpr int64_t kMaxTableClasses = 128;

  void fill_table() {
    std::vector<double> table;
    for (int32_t from = 0; from < model_.num_classes; ++from) {
      for (int32_t to = 0; to < model_.num_classes; ++to) table.push_back(new_rate(from, to));
    }
    table_.swap(table);
  }

  /// P(given `to` | truly `from`) among the examples of these two, with one pseudo-example a row.
  double flip_rate(int32_t from, int32_t to) const {
    return table_.empty() ? new_rate(from, to)
                          : table_[static_cast<size_t>(from * model_.num_classes + to)];
  }

  double new_rate(int32_t from, int32_t to) const {
    const double pseudo =
        model_.expected_disagreement / static_cast<double>(model_.num_classes - 1);
    const double flipped = static_cast<double>(confusion_.at(from, to)) + pseudo;
    const double kept = static_cast<double>(agreeing_[static_cast<size_t>(from)]) +
                        (1 - model_.expected_disagreement);
    return flipped / (kept + flipped);
  }

  const AutoModel& model_;
  std::vector<int64_t> agreeing_;    // examples of each given class that do not disagree
  SparseMatrix<int64_t> confusion_;  // of the others: rows rival, columns given
  std::vector<double> table_;        // K×K flip rates, or empty
};

}  // namespace

ExpectedErrors cut_automatically(const AutoCutInput& input, std::span<uint8_t> mask) {
  const Disagreements disagreements =
      find_disagreements(input.source, input.scorer, input.kept, input.execution);
  const ClassNoise noise(disagreements.pairs, input.label_counts, input.scorer.model());
  const RankedChances chances(
      disagreements,
      // Half-way between the two readings.
      [&](std::span<const Disagreement> some, std::span<double> out) {
        noise.error_probabilities(some, out);
        std::transform(out.begin(), out.end(), out.begin(),
                       [](double low) { return std::sqrt(low); });
      },
      input.execution);
  const std::span<const RankedChance> ranked = chances.all();
  ExpectedErrors errors;
  errors.high = static_cast<double>(ranked.size());
  for (const RankedChance& one : ranked) {
    errors.low += one.chance * one.chance;
    errors.expected += one.chance;
  }
  const size_t cut = best_cut(ranked, errors.expected, &RankedChance::chance);
  std::fill(mask.begin(), mask.end(), uint8_t{0});
  for (const RankedChance& one : ranked.first(cut)) mask[static_cast<size_t>(one.index)] = 1;
  return errors;
}

}  // namespace labelsieve
