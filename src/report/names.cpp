#include "labelsieve/names.h"

#include <array>
#include <utility>

namespace labelsieve {
namespace {

template <class Enum, size_t kCount>
using NameTable = std::array<std::pair<Enum, std::string_view>, kCount>;

constexpr NameTable<FilterBy, 8> kFilters = {{
    {FilterBy::kPruneByNoiseRate, "prune_by_noise_rate"},
    {FilterBy::kPruneByClass, "prune_by_class"},
    {FilterBy::kBoth, "both"},
    {FilterBy::kConfidentLearning, "confident_learning"},
    {FilterBy::kPredictedNeqGiven, "predicted_neq_given"},
    {FilterBy::kLowNormalizedMargin, "low_normalized_margin"},
    {FilterBy::kLowSelfConfidence, "low_self_confidence"},
    {FilterBy::kAuto, "auto"},
}};

constexpr NameTable<Method, 4> kMethods = {{
    {Method::kSelfConfidence, "self_confidence"},
    {Method::kNormalizedMargin, "normalized_margin"},
    {Method::kConfidenceWeightedEntropy, "confidence_weighted_entropy"},
    {Method::kAuto, "auto"},
}};

constexpr NameTable<Collision, 2> kCollisions = {{
    {Collision::kRowArgmax, "row_argmax"},
    {Collision::kConfidentArgmax, "confident_argmax"},
}};

constexpr NameTable<EnsembleWeights, 4> kEnsembleWeights = {{
    {EnsembleWeights::kUniform, "uniform"},
    {EnsembleWeights::kAccuracy, "accuracy"},
    {EnsembleWeights::kLogLossSearch, "log_loss_search"},
    {EnsembleWeights::kCustom, "custom"},
}};

constexpr NameTable<PriorMethod, 4> kPriorMethods = {{
    {PriorMethod::kCnt, "cnt"},
    {PriorMethod::kEqn, "eqn"},
    {PriorMethod::kMarginal, "marginal"},
    {PriorMethod::kMarginalPs, "marginal_ps"},
}};

constexpr NameTable<SentenceMethod, 5> kSentenceMethods = {{
    {SentenceMethod::kMin, "min"},
    {SentenceMethod::kSoftmin, "softmin"},
    {SentenceMethod::kMean, "mean"},
    {SentenceMethod::kBadTokenFraction, "bad_token_fraction"},
    {SentenceMethod::kExpectedErrors, "expected_errors"},
}};

constexpr NameTable<SubwordPooling, 3> kSubwordPoolings = {{
    {SubwordPooling::kFirst, "first"},
    {SubwordPooling::kMean, "mean"},
    {SubwordPooling::kMax, "max"},
}};

constexpr NameTable<TagScheme, 5> kTagSchemes = {{
    {TagScheme::kPlain, "plain"},
    {TagScheme::kIob1, "iob1"},
    {TagScheme::kIob2, "iob2"},
    {TagScheme::kIobes, "iobes"},
    {TagScheme::kBilou, "bilou"},
}};

constexpr NameTable<TagFault, 3> kTagFaults = {{
    {TagFault::kNoBeginning, "no_beginning"},
    {TagFault::kNoEnd, "no_end"},
    {TagFault::kNeedlessBegin, "needless_begin"},
}};

constexpr NameTable<SpanIssueType, 4> kSpanIssueTypes = {{
    {SpanIssueType::kMissing, "missing"},
    {SpanIssueType::kSpurious, "spurious"},
    {SpanIssueType::kWrongType, "wrong_type"},
    {SpanIssueType::kWrongBoundary, "wrong_boundary"},
}};

constexpr NameTable<Pooling, 5> kPoolings = {{
    {Pooling::kExponentialMovingAverage, "exponential_moving_average"},
    {Pooling::kSoftmin, "softmin"},
    {Pooling::kMin, "min"},
    {Pooling::kMean, "mean"},
    {Pooling::kCustom, "custom"},
}};

template <class Table, class Enum>
std::string_view name_of(const Table& table, Enum value) {
  for (const auto& [candidate, name] : table) {
    if (candidate == value) return name;
  }
  return {};
}

template <class Enum, size_t kCount>
std::optional<Enum> value_of(const NameTable<Enum, kCount>& table, std::string_view name) {
  for (const auto& [candidate, candidate_name] : table) {
    if (candidate_name == name) return candidate;
  }
  return std::nullopt;
}

}  // namespace

std::string_view to_string(FilterBy value) { return name_of(kFilters, value); }
std::string_view to_string(Method value) { return name_of(kMethods, value); }
std::string_view to_string(Collision value) { return name_of(kCollisions, value); }
std::string_view to_string(EnsembleWeights value) { return name_of(kEnsembleWeights, value); }
std::string_view to_string(PriorMethod value) { return name_of(kPriorMethods, value); }
std::string_view to_string(SentenceMethod value) { return name_of(kSentenceMethods, value); }
std::string_view to_string(SubwordPooling value) { return name_of(kSubwordPoolings, value); }
std::string_view to_string(TagScheme value) { return name_of(kTagSchemes, value); }
std::string_view to_string(TagFault value) { return name_of(kTagFaults, value); }
std::string_view to_string(SpanIssueType value) { return name_of(kSpanIssueTypes, value); }
std::string_view to_string(Pooling value) { return name_of(kPoolings, value); }

std::optional<FilterBy> filter_by_from(std::string_view name) { return value_of(kFilters, name); }
std::optional<Method> method_from(std::string_view name) { return value_of(kMethods, name); }
std::optional<Collision> collision_from(std::string_view name) {
  return value_of(kCollisions, name);
}
std::optional<EnsembleWeights> ensemble_weights_from(std::string_view name) {
  return value_of(kEnsembleWeights, name);
}
std::optional<PriorMethod> prior_method_from(std::string_view name) {
  return value_of(kPriorMethods, name);
}
std::optional<SentenceMethod> sentence_method_from(std::string_view name) {
  return value_of(kSentenceMethods, name);
}
std::optional<SubwordPooling> subword_pooling_from(std::string_view name) {
  return value_of(kSubwordPoolings, name);
}
std::optional<TagScheme> tag_scheme_from(std::string_view name) {
  return value_of(kTagSchemes, name);
}
std::optional<Pooling> pooling_from(std::string_view name) { return value_of(kPoolings, name); }

}  // namespace labelsieve
