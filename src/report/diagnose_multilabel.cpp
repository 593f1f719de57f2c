#include "labelsieve/diagnose_multilabel.h"

#include <algorithm>
#include <numeric>

#include "report/diagnosis_text.h"

namespace labelsieve {
namespace {

/// Share of the labels that are given or predicted, and both, above which a model has usually seen
/// them.
constexpr double kInSampleAgreement = 0.995;

/// Fewer labels than this may agree by chance.
constexpr int64_t kFewLabels = 20;

/// Share of the classes whose probabilities say nothing above which something is in disorder.
constexpr double kManyUnrelated = 0.5;

using ClassNames = std::vector<std::string>;

int64_t sum(const std::vector<int64_t>& counts) {
  return std::accumulate(counts.begin(), counts.end(), int64_t{0});
}

void find_not_finite(const MultilabelInspection& inspection, std::vector<Diagnosis>& found) {
  const int64_t count = inspection.num_not_finite;
  if (count == 0) return;
  found.push_back({"not_finite", std::to_string(count) +
                                     (count == 1 ? " value is" : " values are") +
                                     " NaN or infinite. Correct them, or leave their rows out with "
                                     "--skip-invalid."});
}

void find_logits(const MultilabelInspection& inspection, std::vector<Diagnosis>& found) {
  if (inspection.num_outside_unit_interval == 0) return;
  const int64_t elements = (inspection.num_rows - inspection.num_ignored) * inspection.num_classes;
  found.push_back(
      {"logits", std::to_string(inspection.num_outside_unit_interval) + " of " +
                     std::to_string(elements) +
                     " values lie outside [0, 1]. These look like logits; use --logits, "
                     "which takes the sigmoid of each."});
}

/// Probabilities that always add up to 1 compete with each other, but labels of a set do not.
void find_softmax(const MultilabelInspection& inspection, std::vector<Diagnosis>& found) {
  const int64_t rows = inspection.num_rows - inspection.num_ignored;
  const bool one_label = inspection.max_set_size == 1 && inspection.num_empty_sets == 0;
  if (rows == 0 || inspection.num_classes < 2 || inspection.num_normalized_rows < rows) return;
  found.push_back(
      {"softmax", one_label ? "all rows add up to 1 and every example has one label: this is "
                              "classification; use --task classification."
                            : "all rows add up to 1, as after a softmax, though examples have " +
                                  decimal(inspection.mean_set_size, "%.3g") +
                                  " labels on average. Use a sigmoid for each class."});
}

/// Classes whose probabilities are no higher where the class is given than where it is not.
void find_unrelated_classes(const MultilabelInspection& inspection, const ClassNames& class_names,
                            std::vector<Diagnosis>& found) {
  int64_t comparable = 0;
  std::vector<std::string> unrelated;
  for (int64_t k = 0; k < inspection.num_classes; ++k) {
    const double given = inspection.mean_given[static_cast<size_t>(k)];
    const double missing = inspection.mean_missing[static_cast<size_t>(k)];
    if (!(given <= missing) && !(given > missing)) continue;  // a side has no examples
    ++comparable;
    if (given <= missing) unrelated.push_back(name_of(k, class_names));
  }
  const auto limit = kManyUnrelated * static_cast<double>(comparable);
  if (unrelated.empty() || static_cast<double>(unrelated.size()) < limit) return;
  if (sum(inspection.label_counts) < kFewLabels) return;
  found.push_back(
      {"unrelated_classes",
       std::to_string(unrelated.size()) + " of " + std::to_string(comparable) +
           " classes have no higher probabilities where they are given than where they are not (" +
           first_of(unrelated) +
           "). Check that rows and columns of labels and probabilities are in the same order."});
}

void find_in_sample(const MultilabelInspection& inspection, std::vector<Diagnosis>& found) {
  const int64_t both = sum(inspection.agreeing_counts);
  const int64_t any = sum(inspection.label_counts) + sum(inspection.predicted_counts) - both;
  if (any < kFewLabels) return;
  const double share = static_cast<double>(both) / static_cast<double>(any);
  if (share <= kInSampleAgreement) return;
  found.push_back({"in_sample", "of the labels that are given or predicted, " +
                                    decimal(share * 100, "%.2f") +
                                    " % are both. The model has probably been trained on these "
                                    "labels: use out-of-sample probabilities, for example from "
                                    "cross-validation."});
}

void find_constant_classes(const MultilabelInspection& inspection, const ClassNames& class_names,
                           std::vector<Diagnosis>& found) {
  const int64_t rows = inspection.num_rows - inspection.num_ignored;
  std::vector<std::string> missing;
  std::vector<std::string> universal;
  for (int64_t k = 0; k < inspection.num_classes; ++k) {
    const int64_t count = inspection.label_counts[static_cast<size_t>(k)];
    if (count == 0) missing.push_back(name_of(k, class_names));
    if (count == rows) universal.push_back(name_of(k, class_names));
  }
  if (!missing.empty()) {
    found.push_back(
        {"missing_classes", "no example has " + first_of(missing) + ". Check the class names."});
  }
  if (!universal.empty()) {
    found.push_back({"universal_classes", "every example has " + first_of(universal) + "."});
  }
}

}  // namespace

std::vector<Diagnosis> diagnose(const MultilabelInspection& inspection,
                                const ClassNames& class_names) {
  std::vector<Diagnosis> found;
  find_not_finite(inspection, found);
  find_logits(inspection, found);
  if (inspection.num_outside_unit_interval == 0) find_softmax(inspection, found);
  find_unrelated_classes(inspection, class_names, found);
  if (inspection.num_outside_unit_interval == 0) find_in_sample(inspection, found);
  find_constant_classes(inspection, class_names, found);
  return found;
}

}  // namespace labelsieve
