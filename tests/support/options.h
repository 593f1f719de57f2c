// The choices of the reference that tests go through: all filters and all scores.
#pragma once

#include <limits>

#include "labelsieve/filter.h"
#include "labelsieve/rank.h"

namespace test_support {

inline constexpr labelsieve::FilterBy kAllFilters[] = {labelsieve::FilterBy::kPruneByNoiseRate,
                                                       labelsieve::FilterBy::kPruneByClass,
                                                       labelsieve::FilterBy::kBoth,
                                                       labelsieve::FilterBy::kConfidentLearning,
                                                       labelsieve::FilterBy::kPredictedNeqGiven,
                                                       labelsieve::FilterBy::kLowNormalizedMargin,
                                                       labelsieve::FilterBy::kLowSelfConfidence};

inline constexpr labelsieve::Method kAllMethods[] = {
    labelsieve::Method::kSelfConfidence, labelsieve::Method::kNormalizedMargin,
    labelsieve::Method::kConfidenceWeightedEntropy};

inline constexpr double kNan = std::numeric_limits<double>::quiet_NaN();

}  // namespace test_support
