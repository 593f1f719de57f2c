// The options of one search for issues, and tables of what it found, for all kinds of data.
#pragma once

#include <nanobind/nanobind.h>
#include <nanobind/ndarray.h>

#include <tuple>
#include <vector>

#include "labelsieve/filter.h"
#include "labelsieve/rank.h"
#include "results.h"

namespace labelsieve::python {

/// How to choose the issues and how to score them, read once from Python.
struct IssueOptions {
  FilterOptions filter;
  ScoreOptions score;

  /// With the threads and the way out of one call.
  IssueOptions with(const Execution& execution) const;
  /// The scores after the filter: with what that has learnt already.
  ScoreOptions score_after(const LabelIssues& found) const;
};

/// Columns: (index, given label, suggested label, label quality, self-confidence, suggested
/// probability).
using ExampleColumns = std::tuple<Array<int64_t>, Array<int32_t>, Array<int32_t>, Array<double>,
                                  Array<double>, Array<double>>;
ExampleColumns example_columns(const std::vector<Example>& examples);

/// What a search found, kept for what follows it: what was counted on the way is not counted again.
struct Findings {
  LabelIssues found;
};

}  // namespace labelsieve::python
