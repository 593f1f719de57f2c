// Finds the wrong labels in arrays in memory.
#include <labelsieve/labelsieve.h>

#include <cstdio>
#include <vector>

int main() {
  // Six examples, two classes. The fourth is labelled 0 and looks like 1.
  const std::vector<int> labels = {0, 0, 0, 0, 1, 1};
  const std::vector<float> pred_probs = {0.9F, 0.1F, 0.8F, 0.2F, 0.7F, 0.3F,
                                         0.1F, 0.9F, 0.2F, 0.8F, 0.1F, 0.9F};
  try {
    labelsieve::MemorySource source(labelsieve::LabelsView(labels.data(), 6),
                                    labelsieve::MatrixView(pred_probs.data(), 6, 2));
    const labelsieve::LabelIssues issues = labelsieve::find_label_issues(source);
    for (const labelsieve::Example& example : labelsieve::rank_label_issues(source, issues.mask)) {
      std::printf("example %lld: given %d, suggested %d, label quality %.2f\n",
                  static_cast<long long>(example.index), example.given_label,
                  example.suggested_label, example.label_quality);
    }
  } catch (const labelsieve::Error& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return 2;
  }
}
