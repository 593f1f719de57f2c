// The label issues that find lists and health counts: the filter, then the user's selection.
#pragma once

#include <cstdint>
#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <optional>
#include <string>
#include <vector>

#include "input.h"
#include "labelsieve/filter.h"
#include "labelsieve/rank.h"

namespace labelsieve::cli {

struct Issues {
  LabelIssues found;                 ///< By the filter; its mask then follows the selection.
  int64_t num_flagged = 0;           ///< By the filter alone.
  int64_t num_issues = 0;            ///< After --class, --exclude, --threshold and --ignore.
  std::vector<Example> ranked = {};  ///< The issues, worst first; only where they were asked for.
  std::optional<double> num_expected = {};  ///< Of a method that says no more of the errors.

  /// How many labels the automatic method expects to be wrong; nothing by other filters.
  std::optional<double> expected_errors() const;
};

/// How to score where the settings do not say.
ScoreOptions plain_options(const Context& context);

/// Flags by the filter options of the settings.
LabelIssues flag_issues(const Context& context, Input& input);

/// The issues of the mask, worst first.
std::vector<Example> rank_issues(const Context& context, Input& input, const Issues& issues);

/// Makes an example no issue, whether it was one or not.
void leave_out(int64_t index, LabelIssues& found);

/// Leaves out what --class, --exclude and --threshold say, and counts the rest. The issues are
/// ranked by `rank` where `ranked` or the selection asks for it.
void select_issues(const Context& context, const Input& input, bool ranked,
                   const std::function<std::vector<Example>()>& rank, Issues& issues);

/// Flags, then selects.
Issues choose_issues(const Context& context, Input& input, bool ranked);

/// The label quality of every example, in input order.
std::vector<double> score_values(const Context& context, Input& input, const LabelIssues& found);

/// Every example with its label quality, in input order.
std::vector<Example> score_all(const Context& context, Input& input, const LabelIssues& found);

/// "; 61 expected by the automatic method", or nothing with other filters.
std::string expectation(const Issues& issues);

/// The same for a .json summary, with limits where the method has them.
void add_expectation(const Issues& issues, nlohmann::ordered_json& summary);

/// A number and what it counts, as in "5 label issues".
struct Count {
  int64_t number = 0;
  std::string text;
};

/// Says that there are more issues than --fail-on allows; the exit code.
int exit_code(const Context& context, const Count& issues, const Count& all);

/// The same where label issues are counted in examples.
int exit_code(const Context& context, const Input& input, int64_t num_issues);

}  // namespace labelsieve::cli
