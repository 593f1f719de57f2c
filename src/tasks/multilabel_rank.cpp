// The flagged examples with their scores and suggestions, in order.
#include <algorithm>
#include <string>

#include "base/refuse_argument.h"
#include "tasks/multilabel_pooling.h"
#include "tasks/multilabel_scores.h"

namespace labelsieve {
namespace {

/// Calls visit(tile, scores) for the flagged rows, with their N×K scores, which it may overwrite.
template <class Visit>
void for_each_flagged(MultilabelSource& source, const MultilabelIssues& issues,
                      const LabelScorer& scorer, const Execution& execution, const Visit& visit) {
  const auto num_rows = static_cast<int64_t>(issues.mask.size());
  if (issues.offsets.size() != issues.mask.size() + 1) {
    refuse_argument("these are not the issues of any dataset");
  }
  int64_t rows = 0;
  source.reset();
  for (MultilabelBlock block; source.next(block);) {
    rows = block.first_row + block.pred_probs.rows;
    if (rows > num_rows) break;
    std::vector<std::vector<double>> scratch(
        static_cast<size_t>(multilabel_workers(block, execution)));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_multilabel_tile<T>(
          block, issues.mask.data(), execution, "details", source.num_rows(),
          [&](const MultilabelTile<T>& tile) {
            std::vector<double>& scores = scratch[static_cast<size_t>(tile.worker)];
            scores.resize(static_cast<size_t>(tile.in.rows.count * tile.in.rows.columns));
            scorer.score(tile, scores.data());
            visit(tile, scores.data());
          });
    });
  }
  if (rows != num_rows) {
    refuse_argument("there are issues of " + std::to_string(num_rows) +
                    " examples, which is not the number of examples in the data");
  }
}

/// The sets of an example; `labels` is its row of label bytes.
MultilabelExample describe(int64_t index, const uint8_t* labels, int64_t num_classes,
                           std::span<const ClassIssue> wrong) {
  MultilabelExample example;
  example.index = index;
  auto issue = wrong.begin();
  for (int32_t k = 0; k < num_classes; ++k) {
    const bool given = labels[k] != 0;
    const bool is_wrong = issue != wrong.end() && issue->label == k;
    if (is_wrong) ++issue;
    if (given) example.given_labels.push_back(k);
    if (is_wrong) (given ? example.remove : example.add).push_back(k);
    if (given != is_wrong) example.suggested_labels.push_back(k);
  }
  return example;
}

}  // namespace

std::vector<MultilabelExample> rank_multilabel_issues(MultilabelSource& source,
                                                      const MultilabelIssues& issues,
                                                      const MultilabelScoreOptions& options) {
  const LabelScorer scorer(source, options);
  const ScorePooler pooler(options.pooling, source.num_classes());
  // The position of each flagged example among them.
  std::vector<int64_t> position(issues.mask.size());
  int64_t flagged = 0;
  for (size_t i = 0; i < issues.mask.size(); ++i) {
    position[i] = flagged;
    flagged += issues.mask[i] != 0;
  }
  std::vector<MultilabelExample> examples(static_cast<size_t>(flagged));
  for_each_flagged(
      source, issues, scorer, options.execution, [&](const auto& tile, double* scores) {
        const int64_t classes = tile.in.rows.columns;
        std::vector<double> pooled(static_cast<size_t>(tile.in.rows.count));
        pooler.pool(scores, tile.in.rows.count, pooled.data());
        for (int64_t i = 0; i < tile.in.rows.count; ++i) {
          const int64_t index = tile.index(i);
          MultilabelExample& example =
              examples[static_cast<size_t>(position[static_cast<size_t>(index)])];
          example =
              describe(index, tile.in.labels + i * classes, classes, issues.wrong_classes(index));
          example.label_quality = pooled[static_cast<size_t>(i)];
        }
      });
  // Examples are heavy: their order is found first.
  std::vector<double> quality;
  for (const MultilabelExample& example : examples) quality.push_back(example.label_quality);
  std::vector<MultilabelExample> ranked;
  ranked.reserve(examples.size());
  for (const int64_t at : find_top_issues(quality, flagged)) {
    ranked.push_back(std::move(examples[static_cast<size_t>(at)]));
  }
  return ranked;
}

std::vector<ClassRanking> rank_multilabel_issues_per_class(MultilabelSource& source,
                                                           const MultilabelIssues& issues,
                                                           const MultilabelScoreOptions& options) {
  const LabelScorer scorer(source, options);
  std::vector<double> scores_of(issues.wrong.size());  // of the wrong labels
  for_each_flagged(source, issues, scorer, options.execution,
                   [&](const auto& tile, double* scores) {
                     for (int64_t i = 0; i < tile.in.rows.count; ++i) {
                       const int64_t index = tile.index(i);
                       auto at = static_cast<size_t>(issues.offsets[static_cast<size_t>(index)]);
                       for (const ClassIssue& issue : issues.wrong_classes(index)) {
                         scores_of[at++] = scores[i * tile.in.rows.columns + issue.label];
                       }
                     }
                   });
  std::vector<std::vector<std::pair<double, int64_t>>> by_class(
      static_cast<size_t>(source.num_classes()));
  for (size_t i = 0; i < issues.mask.size(); ++i) {
    for (int64_t at = issues.offsets[i]; at < issues.offsets[i + 1]; ++at) {
      const auto label = static_cast<size_t>(issues.wrong[static_cast<size_t>(at)].label);
      by_class[label].emplace_back(scores_of[static_cast<size_t>(at)], static_cast<int64_t>(i));
    }
  }
  std::vector<ClassRanking> rankings(by_class.size());
  for (size_t k = 0; k < by_class.size(); ++k) {
    std::sort(by_class[k].begin(), by_class[k].end());
    for (const auto& [score, index] : by_class[k]) {
      rankings[k].indices.push_back(index);
      rankings[k].scores.push_back(score);
    }
  }
  return rankings;
}

}  // namespace labelsieve
