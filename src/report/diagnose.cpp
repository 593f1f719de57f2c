#include "labelsieve/diagnose.h"

#include <algorithm>

#include "report/diagnosis_text.h"

namespace labelsieve {
namespace {

/// Agreement of argmax and given label above which a model has usually seen the labels.
constexpr double kInSampleAccuracy = 0.995;

/// Cohen's kappa of argmax and given label below which the two have nothing to do with each other.
constexpr double kUnrelatedKappa = 0.1;

/// Fewer examples than this may agree or disagree by chance.
constexpr int64_t kFewExamples = 20;

using ClassNames = std::vector<std::string>;

int64_t num_counted(const Inspection& inspection) {
  return inspection.num_rows - inspection.num_ignored;
}

void find_not_finite(const Inspection& inspection, std::vector<Diagnosis>& found) {
  if (inspection.num_not_finite == 0) return;
  found.push_back(
      {"not_finite", std::to_string(inspection.num_not_finite) +
                         (inspection.num_not_finite == 1 ? " value is" : " values are") +
                         " NaN or infinite. Correct them, or leave "
                         "their rows out with --skip-invalid."});
}

void find_logits(const Inspection& inspection, std::vector<Diagnosis>& found) {
  if (inspection.num_outside_unit_interval == 0) return;
  found.push_back(
      {"logits", std::to_string(inspection.num_outside_unit_interval) + " of " +
                     std::to_string(num_counted(inspection) * inspection.num_classes) +
                     " values lie outside [0, 1]. These look like logits or log-probabilities; "
                     "use --logits."});
}

void find_not_normalized(const Inspection& inspection, std::vector<Diagnosis>& found) {
  if (inspection.num_unnormalized_rows == 0 || inspection.num_outside_unit_interval > 0) return;
  found.push_back(
      {"not_normalized",
       std::to_string(inspection.num_unnormalized_rows) + " of " +
           std::to_string(num_counted(inspection)) + " rows do not add up to 1 (sums from " +
           decimal(inspection.min_row_sum, "%.4g") + " to " +
           decimal(inspection.max_row_sum, "%.4g") +
           "). If these are logits, use --logits; if they come from one sigmoid for each class, "
           "divide each row by its sum; if classes are left out, add their columns."});
}

/// Most classes' rows peak at another class's column.
bool find_permuted_classes(const Inspection& inspection, const ClassNames& class_names,
                           std::vector<Diagnosis>& found) {
  size_t num_present = 0;
  std::vector<std::string> moved;
  for (int64_t k = 0; k < inspection.num_classes; ++k) {
    const int64_t peak = inspection.most_common_prediction[static_cast<size_t>(k)];
    if (peak < 0) continue;
    ++num_present;
    if (peak != k) moved.push_back(name_of(k, class_names) + " -> " + name_of(peak, class_names));
  }
  // A permutation sends different labels to different columns; a poor model, or rows in another
  // order, send many labels to the same few.
  std::vector<int32_t> peaks = inspection.most_common_prediction;
  std::erase(peaks, -1);
  std::sort(peaks.begin(), peaks.end());
  peaks.erase(std::unique(peaks.begin(), peaks.end()), peaks.end());
  if (num_present < 2 || moved.size() * 2 <= num_present) return false;
  if (peaks.size() * 4 < num_present * 3) return false;
  found.push_back(
      {"permuted_classes", "the class order looks permuted: for " + std::to_string(moved.size()) +
                               " of " + std::to_string(num_present) +
                               " labels most rows peak at another class (" + first_of(moved) +
                               "). Check that the columns are in the order of the classes."});
  return true;
}

/// Permuted columns agree with the labels less often than chance would; rows in another order may
/// look permuted, but agree as often as chance.
void find_unrelated(const Inspection& inspection, bool is_permuted, std::vector<Diagnosis>& found) {
  const auto total = static_cast<double>(num_counted(inspection));
  double by_chance = 0;
  for (size_t k = 0; k < inspection.label_counts.size(); ++k) {
    by_chance += static_cast<double>(inspection.label_counts[k]) / total *
                 (static_cast<double>(inspection.argmax_counts[k]) / total);
  }
  if (by_chance >= 1) return;
  const double kappa = (inspection.argmax_accuracy - by_chance) / (1 - by_chance);
  if (kappa >= kUnrelatedKappa) return;
  if (is_permuted && inspection.argmax_accuracy < by_chance / 2) return;
  found.push_back(
      {"unrelated", "the argmax agrees with " + decimal(inspection.argmax_accuracy * 100, "%.2f") +
                        " % of the given labels, hardly more than chance (" +
                        decimal(by_chance * 100, "%.2f") +
                        " %). Check that labels and probabilities have their rows in the same "
                        "order."});
}

void find_in_sample(const Inspection& inspection, std::vector<Diagnosis>& found) {
  if (inspection.argmax_accuracy <= kInSampleAccuracy) return;
  found.push_back(
      {"in_sample", "the argmax agrees with " + decimal(inspection.argmax_accuracy * 100, "%.2f") +
                        " % of the given labels: these look in-sample. Use probabilities from a "
                        "model that was not trained on the same examples, for example from "
                        "cross-validation."});
}

void find_missing_classes(const Inspection& inspection, const ClassNames& class_names,
                          std::vector<Diagnosis>& found) {
  std::vector<std::string> unlabelled;
  std::vector<std::string> unpredicted;
  for (int64_t k = 0; k < inspection.num_classes; ++k) {
    const auto at = static_cast<size_t>(k);
    if (inspection.label_counts[at] == 0) {
      unlabelled.push_back(name_of(k, class_names));
    } else if (inspection.argmax_counts[at] == 0) {
      unpredicted.push_back(name_of(k, class_names));
    }
  }
  const std::string of_all = " of " + std::to_string(inspection.num_classes) + " classes: ";
  if (!unlabelled.empty()) {
    found.push_back({"missing_classes",
                     "no example has the label of " + std::to_string(unlabelled.size()) + of_all +
                         first_of(unlabelled) +
                         ". Nothing can be said of these classes; check the class names if they "
                         "should occur."});
  }
  if (!unpredicted.empty()) {
    found.push_back({"unpredicted_classes",
                     "the model never gives the highest probability to " +
                         std::to_string(unpredicted.size()) + of_all + first_of(unpredicted) +
                         ". It cannot confirm these labels; compare with --adjust-pred-probs."});
  }
}

}  // namespace

std::vector<Diagnosis> diagnose(const Inspection& inspection, const ClassNames& class_names) {
  std::vector<Diagnosis> found;
  find_not_finite(inspection, found);
  find_logits(inspection, found);
  find_not_normalized(inspection, found);
  const bool is_permuted = find_permuted_classes(inspection, class_names, found);
  if (inspection.num_classes > 1 && num_counted(inspection) >= kFewExamples) {
    find_unrelated(inspection, is_permuted, found);
    find_in_sample(inspection, found);
  }
  find_missing_classes(inspection, class_names, found);
  return found;
}

}  // namespace labelsieve
