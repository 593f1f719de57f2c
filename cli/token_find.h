// labelsieve find and score on tokens, one function for each unit of --by.
#pragma once

#include <optional>

#include "list_report.h"
#include "token_input.h"

namespace labelsieve::cli {

int find_tokens(Context& context, TokenInput& input);
int find_sentences(Context& context, TokenInput& input);
int find_spans(Context& context, TokenInput& input);
int find_transitions(Context& context, TokenInput& input);

int score_tokens(Context& context, TokenInput& input);
int score_sentences(Context& context, TokenInput& input);
int score_spans_of(Context& context, TokenInput& input);

/// The column of whole sentences, the last one.
TableColumn sentence_column();

/// What to do when a list is empty.
inline constexpr std::string_view kNextToNothing =
    "Next: labelsieve health shows the classes one by one.";

/// --top, or all.
int64_t num_listed(const Context& context, int64_t num_issues);

/// "12 label issues in 300 tokens (4.00 %) of 20 sentences and 9 classes; the worst 5 listed."
struct Found {
  std::string issues;          ///< "12 label issues"
  std::string among;           ///< "300 tokens"
  std::optional<double> rate;  ///< None where there is nothing to be a part of.
  std::string of;              ///< "20 sentences and 9 classes"
  int64_t num_left = 0;        ///< After the selection.
  int64_t num_shown = 0;       ///< After --top.
  int64_t num_out = 0;         ///< Left out by the selection.
  std::string expected = {};   ///< "; 9 expected by the automatic method", or nothing.
};
std::string found_line(const Found& found);

}  // namespace labelsieve::cli
