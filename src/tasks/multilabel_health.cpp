// How healthy the labels of multi-label data are, class by class.
#include <algorithm>

#include "labelsieve/multilabel_classification.h"

namespace labelsieve {
namespace {

/// Flagged examples of each class: without it, and with it.
std::vector<AbsentPresent<int64_t>> flagged_per_class(const MultilabelIssues& issues) {
  std::vector<AbsentPresent<int64_t>> flagged(issues.joint.thresholds.size());
  for (const ClassIssue& issue : issues.wrong) {
    ++flagged[static_cast<size_t>(issue.label)][issue.given ? 1 : 0];
  }
  return flagged;
}

double share(int64_t count, const MultilabelIssues& issues) {
  return static_cast<double>(count) / static_cast<double>(issues.joint.num_examples);
}

}  // namespace

std::vector<CommonMultilabelIssue> common_multilabel_issues(const MultilabelIssues& issues) {
  std::vector<CommonMultilabelIssue> common;
  int32_t label = 0;
  for (const auto& [missing, given] : flagged_per_class(issues)) {
    common.push_back({label, true, given, share(given, issues)});
    common.push_back({label, false, missing, share(missing, issues)});
    ++label;
  }
  std::stable_sort(common.begin(), common.end(),
                   [](const CommonMultilabelIssue& a, const CommonMultilabelIssue& b) {
                     return a.num_examples > b.num_examples;
                   });
  return common;
}

std::vector<ClassQuality> rank_classes_by_multilabel_quality(const MultilabelIssues& issues) {
  std::vector<ClassQuality> classes;
  const auto flagged = flagged_per_class(issues);
  for (size_t k = 0; k < flagged.size(); ++k) {
    ClassQuality quality;
    quality.label = static_cast<int32_t>(k);
    quality.num_examples = issues.joint.label_counts[k][1];
    quality.label_issues = flagged[k][1];
    quality.inverse_label_issues = flagged[k][0];
    quality.label_noise = share(flagged[k][1], issues);
    quality.inverse_label_noise = share(flagged[k][0], issues);
    quality.label_quality_score = 1 - quality.label_noise;
    classes.push_back(quality);
  }
  std::stable_sort(classes.begin(), classes.end(),
                   [](const ClassQuality& a, const ClassQuality& b) {
                     return a.label_quality_score < b.label_quality_score;
                   });
  return classes;
}

double overall_multilabel_health_score(const MultilabelIssues& issues) {
  return overall_label_health_score(issues.num_issues, issues.joint.num_examples);
}

}  // namespace labelsieve
