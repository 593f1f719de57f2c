// The naive oracle: docs/definitions.md §1, §2, §3 and §7 word for word, in double precision, with
// dense matrices and full sorts. It shares no code with the engine, and speed is no concern here.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/count.h"
#include "labelsieve/filter.h"
#include "labelsieve/latent.h"
#include "labelsieve/matrix.h"
#include "labelsieve/rank.h"

namespace reference {

using Vector = std::vector<double>;
using Table = std::vector<Vector>;  // rows
using Counts = std::vector<std::vector<int64_t>>;

/// N examples. The probabilities are numbers that `type` represents exactly.
struct Data {
  int64_t num_classes = 0;
  std::vector<int64_t> labels;
  Table pred_probs;
  labelsieve::FloatType type = labelsieve::FloatType::kFloat64;

  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

// §1, scores.

Vector scores(const Data& data, labelsieve::Method method);
Data adjusted(const Data& data, const Vector& thresholds);
int64_t argmax(const Vector& row);
Vector accuracy_weights(const std::vector<Data>& models);
Vector log_loss_weights(const std::vector<Data>& models, const Vector& temperatures);

/// Positions of the values in ascending order, ties by position.
std::vector<int64_t> ascending(const Vector& values);

// §2, counting.

/// The sum in the order that §2 fixes: pairwise, eight partial sums in pieces of at most 128.
double pairwise_sum(const Vector& values);
std::vector<int64_t> label_counts(const Data& data);
Vector thresholds(const Data& data);
/// The class each example is counted under; nothing where it is confident in none.
std::vector<std::optional<int64_t>> guesses(const Data& data, const Vector& thresholds,
                                            labelsieve::Collision collision);
Counts confident_joint(const Data& data, const Vector& thresholds, labelsieve::Collision collision);
Counts calibrated(const Table& joint, const std::vector<int64_t>& label_counts);
std::vector<int64_t> rounded_keeping_total(const Vector& row);
Table estimated_joint(const Counts& calibrated);
int64_t num_off_diagonal(const Data& data, const Vector& thresholds,
                         labelsieve::Collision collision);
Table to_table(const Counts& counts);

struct Latent {
  Vector prior;
  Table noise_matrix;          // rows given, columns true
  Table inverse_noise_matrix;  // rows true, columns given
};
Latent latent(const Table& joint, const std::vector<int64_t>& label_counts,
              labelsieve::PriorMethod method, bool converge);

// §3, filters.

struct FilterChoice {
  labelsieve::FilterBy filter_by = labelsieve::FilterBy::kPruneByNoiseRate;
  double frac_noise = 1.0;
  int64_t min_examples_per_class = 1;
  std::vector<int64_t> num_to_remove_per_class = {};
  labelsieve::Collision collision = labelsieve::Collision::kRowArgmax;
  std::optional<Table> joint = {};  // rows given, columns true
  Vector thresholds = {};
};
std::vector<uint8_t> label_issues(const Data& data, const FilterChoice& choice);

/// M of §3: M[j][k] examples of the given class k are to be pruned as truly j.
Counts prune_counts(const Data& data, const FilterChoice& choice, const Table& joint);

/// Whether the given label is the row's maximum within 1e-6.
bool agrees(const Data& data, size_t example);

// §7, health.

struct ClassHealth {
  int64_t label = 0;
  int64_t label_issues = 0;
  int64_t inverse_label_issues = 0;
  double label_noise = 0;
  double inverse_label_noise = 0;
  double quality = 1;
};
std::vector<ClassHealth> class_health(const Table& joint, int64_t num_examples);

struct Overlap {
  int64_t class_a = 0;
  int64_t class_b = 0;
  int64_t count = 0;
  double probability = 0;
};
std::vector<Overlap> overlaps(const Table& joint, int64_t num_examples, bool asymmetric);

}  // namespace reference
