// What the tables of tokens share: words, labels, the pooling of scores.
#pragma once

#include <nanobind/nanobind.h>

#include <cstdint>
#include <string_view>
#include <vector>

#include "labelsieve/token_classification.h"
#include "tokens.h"

namespace labelsieve::python {

using Strings = nanobind::typed<nanobind::list, nanobind::str>;

/// The text of strings of Python, in place for as long as the list holds them.
std::vector<std::string_view> texts(const Strings& strings);

/// The given label of every token, -1 for ignored ones. Describing all tokens is the one way to
/// their labels that all forms have.
std::vector<int32_t> labels_of(Tokens& tokens, const Execution& execution);

/// Throws Error{kInvalidArgument} for a method that is none.
SentenceScoreOptions pooling_options(std::string_view method, double temperature, double threshold);

}  // namespace labelsieve::python
