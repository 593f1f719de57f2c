// What must hold for every dataset, tried on random ones: permutations, partitions, bounds.
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>
#include <numeric>

#include "labelsieve/ensemble.h"
#include "labelsieve/filter.h"
#include "labelsieve/health.h"
#include "labelsieve/latent.h"
#include "property/any.h"
#include "reference/compare.h"
#include "support/options.h"
#include "support/sources.h"

namespace {

using labelsieve::Collision;
using labelsieve::FilterBy;
using labelsieve::FloatType;
using labelsieve::Method;
using test_support::any_data;
using test_support::check;
using test_support::Data;
using test_support::Layout;
using test_support::Stored;
using Indices = std::vector<int64_t>;

FilterBy any_filter() {
  return *rc::gen::elementOf(std::vector<FilterBy>(std::begin(test_support::kAllFilters),
                                                   std::end(test_support::kAllFilters)));
}

/// A permutation of 0..size-1.
Indices any_permutation(int64_t size) {
  Indices order(static_cast<size_t>(size));
  std::iota(order.begin(), order.end(), 0);
  const auto keys =
      *rc::gen::container<std::vector<uint32_t>>(order.size(), rc::gen::arbitrary<uint32_t>());
  std::stable_sort(order.begin(), order.end(), [&](int64_t a, int64_t b) {
    return keys[static_cast<size_t>(a)] < keys[static_cast<size_t>(b)];
  });
  return order;
}

labelsieve::LabelIssues find(const Data& data, const labelsieve::FilterOptions& options,
                             Layout layout = Layout::kRowMajor) {
  const Stored stored(data, layout);
  labelsieve::MemorySource source = stored.source();
  return labelsieve::find_label_issues(source, options);
}

TEST(Property, PermutingTheRowsPermutesCountsAndScores) {
  check("rows", [] {
    const Data data = any_data();
    const Indices order = any_permutation(data.size());
    const Data shuffled = test_support::selected(data, order);
    const auto a = find(data, {}).joint;
    const auto b = find(shuffled, {}).joint;
    RC_ASSERT(a.thresholds == b.thresholds);  // to the last bit
    RC_ASSERT(a.counts == b.counts);
    RC_ASSERT(a.calibrated == b.calibrated);
    RC_ASSERT(a.num_off_diagonal == b.num_off_diagonal);
    const Stored stored(data);
    const Stored stored_shuffled(shuffled);
    for (const Method method : test_support::kAllMethods) {
      auto source = stored.source();
      auto source_shuffled = stored_shuffled.source();
      const auto scores = labelsieve::label_quality_scores(source, {.method = method});
      const auto moved = labelsieve::label_quality_scores(source_shuffled, {.method = method});
      for (size_t i = 0; i < order.size(); ++i) {
        RC_ASSERT(scores[static_cast<size_t>(order[i])] == moved[i]);
      }
    }
  });
}

// Filters that look at one example at a time do not care about ties between examples.
TEST(Property, PermutingTheRowsPermutesTheIssues) {
  check("issues", [] {
    const Data data = any_data();
    const Indices order = any_permutation(data.size());
    const Data shuffled = test_support::selected(data, order);
    for (const FilterBy filter_by : {FilterBy::kConfidentLearning, FilterBy::kPredictedNeqGiven}) {
      const auto mask = find(data, {.filter_by = filter_by}).mask;
      const auto moved = find(shuffled, {.filter_by = filter_by}).mask;
      for (size_t i = 0; i < order.size(); ++i) {
        RC_ASSERT(mask[static_cast<size_t>(order[i])] == moved[i]);
      }
    }
    for (const FilterBy filter_by : test_support::kAllFilters) {
      if (filter_by == FilterBy::kBoth) continue;  // ties may fall on either side of one filter
      const auto count = find(data, {.filter_by = filter_by}).num_issues;
      RC_LOG() << "filter " << static_cast<int>(filter_by) << ": " << count << "\n";
      if (filter_by == FilterBy::kLowNormalizedMargin ||
          filter_by == FilterBy::kLowSelfConfidence) {
        RC_ASSERT(count == find(shuffled, {.filter_by = filter_by}).num_issues);
      }
    }
  });
}

TEST(Property, RenamingTheClassesRenamesTheCounts) {
  check("classes", [] {
    const Data data = any_data();
    const Indices names = any_permutation(data.num_classes);  // class k becomes names[k]
    Data renamed = data;
    for (size_t i = 0; i < data.labels.size(); ++i) {
      renamed.labels[i] = names[static_cast<size_t>(data.labels[i])];
      for (size_t k = 0; k < names.size(); ++k) {
        renamed.pred_probs[i][static_cast<size_t>(names[k])] = data.pred_probs[i][k];
      }
    }
    const auto a = find(data, {}).joint;
    const auto b = find(renamed, {}).joint;
    RC_ASSERT(a.num_disagreeing == b.num_disagreeing);
    for (size_t k = 0; k < names.size(); ++k) {
      const auto new_k = static_cast<size_t>(names[k]);
      RC_ASSERT(a.thresholds[k] == b.thresholds[new_k]);
      RC_ASSERT(a.label_counts[k] == b.label_counts[new_k]);
    }
  });
}

TEST(Property, SpeedParametersNeverChangeAnAnswer) {
  check("execution", [] {
    const Data data = any_data();
    labelsieve::FilterOptions options{.filter_by = any_filter()};
    options.execution.num_threads = 1;
    const auto expected = find(data, options);
    const auto layout = *rc::gen::elementOf(std::vector<Layout>(
        std::begin(test_support::kAllLayouts), std::end(test_support::kAllLayouts)));
    const Stored stored(data, layout);
    options.execution.num_threads = *rc::gen::inRange(0, 9);
    options.execution.progress = [](const labelsieve::Progress&) { return true; };
    auto blocks = stored.blocks(*rc::gen::inRange<int64_t>(1, 500));
    const auto actual = labelsieve::find_label_issues(blocks, options);
    RC_ASSERT(expected.mask == actual.mask);
    RC_ASSERT(expected.num_issues == actual.num_issues);
    RC_ASSERT(expected.joint.thresholds == actual.joint.thresholds);
    RC_ASSERT(expected.joint.counts == actual.joint.counts);
    RC_ASSERT(expected.joint.calibrated == actual.joint.calibrated);
    RC_ASSERT(expected.joint.num_off_diagonal == actual.joint.num_off_diagonal);
    RC_ASSERT(expected.joint.num_unnormalized_rows == actual.joint.num_unnormalized_rows);

    const Stored plain(data);
    for (const Method method : test_support::kAllMethods) {
      labelsieve::ScoreOptions scoring{.method = method};
      scoring.adjust_pred_probs = method != Method::kConfidenceWeightedEntropy;
      auto whole = plain.source();
      const auto scores = labelsieve::label_quality_scores(whole, scoring);
      scoring.execution = options.execution;
      RC_ASSERT(scores == labelsieve::label_quality_scores(blocks, scoring));
      const auto ranked = labelsieve::rank_label_issues(blocks, actual.mask, scoring);
      const auto order = labelsieve::order_label_issues(expected.mask, scores);
      RC_ASSERT(ranked.size() == order.size());
      for (size_t r = 0; r < order.size(); ++r) {
        RC_ASSERT(ranked[r].index == order[r]);
        RC_ASSERT(ranked[r].label_quality == scores[static_cast<size_t>(order[r])]);
      }
    }
  });
}

// Any partition, merged in any order: the same bits.
TEST(Property, MergedAccumulatorsEqualOne) {
  check("merge", [] {
    const Data data = any_data();
    const Stored stored(data);
    const auto collision = *rc::gen::element(Collision::kRowArgmax, Collision::kConfidentArgmax);
    const auto parts = *rc::gen::inRange<int64_t>(1, 6);
    Indices cuts = {0, data.size()};
    for (int64_t p = 1; p < parts; ++p) cuts.push_back(*rc::gen::inRange<int64_t>(0, data.size()));
    std::sort(cuts.begin(), cuts.end());
    const auto block = [&](size_t part) {
      const int64_t rows = cuts[part + 1] - cuts[part];
      return labelsieve::Block{cuts[part], stored.labels.view().slice(cuts[part], rows),
                               stored.matrix.view().slice(cuts[part], rows)};
    };
    const labelsieve::Block all{0, stored.labels.view(), stored.matrix.view()};

    labelsieve::ThresholdAccumulator sums(data.num_classes);
    sums.add(all);
    labelsieve::ConfidentJointAccumulator joint(sums.thresholds(), collision);
    joint.add(all);

    labelsieve::ThresholdAccumulator merged_sums(data.num_classes);
    labelsieve::ConfidentJointAccumulator merged_joint(sums.thresholds(), collision);
    for (const int64_t part : any_permutation(static_cast<int64_t>(cuts.size()) - 1)) {
      labelsieve::ThresholdAccumulator part_sums(data.num_classes);
      part_sums.add(block(static_cast<size_t>(part)));
      labelsieve::ConfidentJointAccumulator part_joint(sums.thresholds(), collision);
      part_joint.add(block(static_cast<size_t>(part)));
      if (part % 2 == 0) {  // into either side
        merged_sums.merge(part_sums);
        merged_joint.merge(part_joint);
      } else {
        part_sums.merge(merged_sums);
        part_joint.merge(merged_joint);
        merged_sums = part_sums;
        merged_joint = part_joint;
      }
    }
    RC_ASSERT(sums == merged_sums);
    RC_ASSERT(sums.thresholds() == merged_sums.thresholds());
    RC_ASSERT(joint.counts() == merged_joint.counts());
    RC_ASSERT(joint.num_off_diagonal() == merged_joint.num_off_diagonal());
    RC_ASSERT(joint.num_disagreeing() == merged_joint.num_disagreeing());
    RC_ASSERT(joint.num_unnormalized_rows() == merged_joint.num_unnormalized_rows());
  });
}

TEST(Property, WideningTheInputKeepsCountsAndIssues) {
  check("dtypes", [] {
    const Data data = any_data();  // numbers that its type holds exactly
    const FilterBy filter_by = any_filter();
    Data wide = data;
    wide.type = FloatType::kFloat64;
    const auto a = find(data, {.filter_by = filter_by});
    const auto b = find(wide, {.filter_by = filter_by});
    RC_ASSERT(a.joint.thresholds == b.joint.thresholds);
    RC_ASSERT(a.joint.counts == b.joint.counts);
    RC_ASSERT(a.joint.num_off_diagonal == b.joint.num_off_diagonal);
    // Differences of float32 are rounded and may tie where those of float64 do not.
    if (data.type == FloatType::kFloat16) RC_ASSERT(a.mask == b.mask);
  });
}

TEST(Property, ScoresAreWithinZeroAndOne) {
  check("bounds", [] {
    const Data data = any_data();
    const Stored stored(data);
    for (const Method method : test_support::kAllMethods) {
      for (const bool adjust : {false, true}) {
        if (adjust && method == Method::kConfidenceWeightedEntropy) continue;
        auto source = stored.source();
        for (const double score : labelsieve::label_quality_scores(
                 source, {.method = method, .adjust_pred_probs = adjust})) {
          RC_ASSERT(score >= 0 && score <= 1);
        }
      }
    }
  });
}

TEST(Property, FilterResultsAreConsistent) {
  check("filters", [] {
    const Data data = any_data();
    const FilterBy filter_by = any_filter();
    const auto issues = find(data, {.filter_by = filter_by});
    RC_ASSERT(std::count(issues.mask.begin(), issues.mask.end(), 1) == issues.num_issues);
    RC_ASSERT(std::accumulate(issues.joint.label_counts.begin(), issues.joint.label_counts.end(),
                              int64_t{0}) == data.size());
    for (int64_t k = 0; k < data.num_classes; ++k) {
      const auto row = issues.joint.calibrated.row_values(k);
      RC_ASSERT(std::accumulate(row.begin(), row.end(), int64_t{0}) ==
                issues.joint.label_counts[static_cast<size_t>(k)]);
    }
    const bool by_score =
        filter_by == FilterBy::kLowNormalizedMargin || filter_by == FilterBy::kLowSelfConfidence;
    for (size_t i = 0; i < issues.mask.size(); ++i) {
      if (issues.mask[i] != 0 && !by_score) RC_ASSERT(!reference::agrees(data, i));
    }
    if (by_score || filter_by == FilterBy::kConfidentLearning) {
      RC_ASSERT(issues.num_issues == issues.joint.num_off_diagonal);
    }
  });
}

TEST(Property, LessNoiseIsNeverMoreIssues) {
  check("frac_noise", [] {
    const Data data = any_data();
    const auto fraction = *rc::gen::inRange(0, 100);
    for (const FilterBy filter_by : {FilterBy::kPruneByNoiseRate, FilterBy::kPruneByClass}) {
      const auto some = find(data, {.filter_by = filter_by, .frac_noise = fraction / 100.0}).mask;
      const auto all = find(data, {.filter_by = filter_by}).mask;
      for (size_t i = 0; i < all.size(); ++i) RC_ASSERT(some[i] <= all[i]);
    }
  });
}

TEST(Property, LatentEstimatesAreDistributions) {
  check("latent", [] {
    const Data data = any_data();
    const auto joint = find(data, {}).joint;
    const auto latent = labelsieve::estimate_latent(
        joint.counts.mapped<double>([](int64_t c) { return static_cast<double>(c); }),
        joint.label_counts, {.converge = *rc::gen::arbitrary<bool>()});
    RC_ASSERT(std::abs(std::accumulate(latent.prior.begin(), latent.prior.end(), 0.0) - 1) < 1e-12);
    for (const auto* matrix : {&latent.noise_matrix, &latent.inverse_noise_matrix}) {
      const auto columns = matrix->transposed();
      for (int64_t k = 0; k < columns.size; ++k) {
        const auto values = columns.row_values(k);
        const double sum = std::accumulate(values.begin(), values.end(), 0.0);
        RC_ASSERT(std::abs(sum - 1) < 1e-12 || sum == 0);
      }
    }
  });
}

TEST(Property, AnEnsembleOfOneIsTheModel) {
  check("ensemble of one", [] {
    const Data data = any_data();
    const Stored stored(data);
    const std::vector<labelsieve::MatrixView> models = {stored.matrix.view()};
    const auto weights = labelsieve::ensemble_weights(stored.labels.view(), models);
    RC_ASSERT(weights == std::vector<double>{1});
    auto source = stored.source();
    RC_ASSERT(labelsieve::ensemble_label_quality_scores(stored.labels.view(), models, weights) ==
              labelsieve::label_quality_scores(source));
  });
}

}  // namespace
