// The names of the options, the same in C++, on the command line, in Python and in files.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "labelsieve/count.h"
#include "labelsieve/ensemble.h"
#include "labelsieve/filter.h"
#include "labelsieve/latent.h"
#include "labelsieve/multilabel_classification.h"
#include "labelsieve/rank.h"
#include "labelsieve/span_classification.h"
#include "labelsieve/subwords.h"
#include "labelsieve/tag_scheme.h"
#include "labelsieve/token_classification.h"

namespace labelsieve {

/// "prune_by_noise_rate", "self_confidence", "row_argmax", "accuracy", "cnt", …
std::string_view to_string(FilterBy value);
std::string_view to_string(Method value);
std::string_view to_string(Collision value);
std::string_view to_string(EnsembleWeights value);
std::string_view to_string(PriorMethod value);
std::string_view to_string(SentenceMethod value);
std::string_view to_string(SubwordPooling value);
std::string_view to_string(TagScheme value);
std::string_view to_string(TagFault value);
std::string_view to_string(SpanIssueType value);
std::string_view to_string(Pooling value);

/// The value of a name; nothing for an unknown one.
std::optional<FilterBy> filter_by_from(std::string_view name);
std::optional<Method> method_from(std::string_view name);
std::optional<Collision> collision_from(std::string_view name);
std::optional<EnsembleWeights> ensemble_weights_from(std::string_view name);
std::optional<PriorMethod> prior_method_from(std::string_view name);
std::optional<SentenceMethod> sentence_method_from(std::string_view name);
std::optional<SubwordPooling> subword_pooling_from(std::string_view name);
std::optional<TagScheme> tag_scheme_from(std::string_view name);
std::optional<Pooling> pooling_from(std::string_view name);

}  // namespace labelsieve
