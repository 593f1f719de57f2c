// The label issues that find lists and health counts: the filter, then the user's selection.
#pragma once

#include <cstdint>
#include <nlohmann/json_fwd.hpp>
#include <string>
#include <vector>

#include "input.h"
#include "labelsieve/filter.h"
#include "labelsieve/rank.h"

namespace labelsieve::cli {

struct Issues {
  LabelIssues found;            ///< By the filter; its mask then follows the selection.
  int64_t num_flagged = 0;      ///< By the filter alone.
  int64_t num_issues = 0;       ///< After --class, --exclude, --threshold and --ignore.
  std::vector<Example> ranked;  ///< The issues, worst first; only where they were asked for.
};

/// Flags by the filter options of the settings.
LabelIssues flag_issues(const Context& context, Input& input);

/// Flags, then selects. The examples are ranked where `ranked` asks for it.
Issues choose_issues(const Context& context, Input& input, bool ranked);

/// The label quality of every example, in input order.
std::vector<double> score_values(const Context& context, Input& input, const LabelIssues& found);

/// Every example with its label quality, in input order.
std::vector<Example> score_all(const Context& context, Input& input, const LabelIssues& found);

/// "; 61 expected by the automatic method", or nothing with other filters.
std::string expectation(const LabelIssues& found);

/// The same for a .json summary.
void add_expectation(const LabelIssues& found, nlohmann::ordered_json& summary);

/// Says that there are more issues than --fail-on allows; the exit code.
int exit_code(const Context& context, const Issues& issues, int64_t num_examples);

}  // namespace labelsieve::cli
