#include "filter/auto_cut.h"

#include <algorithm>
#include <cmath>

#include "base/parallel.h"
#include "filter/auto_chance.h"
#include "filter/disagreements.h"
#include "kernels/correction_kernel.h"
#include "labelsieve/pair_counts.h"

namespace labelsieve {
namespace {

/// The chance of an error if noise depends on the class alone and the model knows its own limits:
/// between the two classes of a disagreement, with the flip rates that the confusion of the
/// corrected predictions with the labels shows.
class ClassNoise {
 public:
  ClassNoise(std::span<const Disagreement> disagreements, std::span<const int64_t> label_counts,
             const AutoModel& model)
      : model_(model), agreeing_(label_counts.begin(), label_counts.end()) {
    PairCounts counts(model.num_classes);
    for (const Disagreement& d : disagreements) {
      counts.add(d.rival, d.given);
      --agreeing_[static_cast<size_t>(d.given)];
    }
    confusion_ = counts.to_matrix();
    if (!disagreements.empty() && model.num_classes <= kMaxTableClasses) fill_table();
  }

  /// Writes the chances of some disagreements.
  void error_probabilities(std::span<const Disagreement> some, std::span<double> out) const {
    // q(given) / (q(given) + q(rival)) without the correction is 1 / (1 + the odds).
    for (size_t i = 0; i < some.size(); ++i) {
      out[i] = some[i].log_odds - model_.correction(some[i].given, some[i].rival);
    }
    write_factors(out.data(), static_cast<int64_t>(out.size()), 1, out.data());
    for (size_t i = 0; i < some.size(); ++i) {
      const Disagreement& d = some[i];
      out[i] = class_noise_chance(1 / (1 + out[i]),
                                  {flip_rate(d.given, d.rival), flip_rate(d.rival, d.given)});
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
  std::fill(mask.begin(), mask.end(), uint8_t{0});
  const std::vector<Disagreement> ranked =
      ranked_disagreements(input.source, input.scorer, input.odds, input.execution);
  const ClassNoise noise(ranked, input.label_counts, input.scorer.model());
  ExpectedErrors errors;
  errors.high = static_cast<double>(ranked.size());
  std::vector<double> low(ranked.size());      // chances of an error by the low reading
  std::vector<double> chances(ranked.size());  // and half-way between both
  constexpr int64_t kPiece = 4096;
  const auto size = static_cast<int64_t>(ranked.size());
  const Execution silent{.num_threads = input.execution.num_threads, .progress = {}};
  parallel_for((size + kPiece - 1) / kPiece, silent, {"cut", 0, size, kPiece},
               [&](int64_t piece, int) {
                 const auto first = static_cast<size_t>(piece * kPiece);
                 const size_t count = std::min(static_cast<size_t>(kPiece), ranked.size() - first);
                 const auto found = std::span(low).subspan(first, count);
                 noise.error_probabilities(std::span(ranked).subspan(first, count), found);
                 std::transform(found.begin(), found.end(), chances.begin() + piece * kPiece,
                                [](double chance) { return std::sqrt(chance); });
               });
  for (size_t i = 0; i < ranked.size(); ++i) {
    errors.low += low[i];
    errors.expected += chances[i];
  }
  const size_t cut = best_cut(chances, errors.expected);
  for (size_t i = 0; i < cut; ++i) mask[static_cast<size_t>(ranked[i].index)] = 1;
  return errors;
}

}  // namespace labelsieve
