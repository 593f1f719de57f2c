// Token classification: one label a token.
#include <fmt/format.h>

#include "token_find.h"
#include "token_health.h"
#include "token_inspect.h"

namespace labelsieve::cli {
namespace {

TokenReadOptions read_options(const Settings& settings) {
  TokenReadOptions options = settings.tokens.read;
  options.pred_probs = settings.read.pred_probs;
  options.class_names = settings.read.class_names;
  options.prob_columns = settings.read.prob_columns;
  options.logits = settings.read.logits;
  options.skip_invalid = settings.read.skip_invalid;
  options.unchecked = settings.read.unchecked;
  options.execution = settings.read.execution;
  return options;
}

void need_pred_probs(const TokenInput& input) {
  if (input.has_pred_probs()) return;
  throw Error(
      ErrorCode::kInvalidArgument,
      fmt::format("the probabilities are missing: add --pred-probs FILE with a row for each "
                  "of the {} of {}; only inspect and find --by transition do without",
                  input.counted_units(input.num_rows()), input.dataset().labels_file));
}

int run_find_by(Context& context, TokenInput& input) {
  switch (context.settings.tokens.by) {
    case By::kToken: return find_tokens(context, input);
    case By::kSentence: return find_sentences(context, input);
    case By::kSpan: return find_spans(context, input);
    case By::kTransition: break;
  }
  return kExitError;
}

int run_score_by(Context& context, TokenInput& input) {
  switch (context.settings.tokens.by) {
    case By::kToken: return score_tokens(context, input);
    case By::kSentence: return score_sentences(context, input);
    case By::kSpan: return score_spans_of(context, input);
    case By::kTransition: break;
  }
  return kExitError;
}

int run_on(Context& context, TokenInput& input) {
  const Settings& settings = context.settings;
  if (settings.subcommand == Subcommand::kInspect) {
    return input.has_pred_probs() ? run_inspect(context, input) : inspect_tags(context, input);
  }
  if (settings.subcommand == Subcommand::kFind && settings.tokens.by == By::kTransition) {
    return find_transitions(context, input);
  }
  need_pred_probs(input);
  input.open_source(context);
  note_illegal_tags(context, input);
  switch (settings.subcommand) {
    case Subcommand::kFind: return run_find_by(context, input);
    case Subcommand::kScore: return run_score_by(context, input);
    case Subcommand::kHealth: return run_token_health(context, input);
    case Subcommand::kJoint: return run_joint(context, input);
    case Subcommand::kInspect: break;
  }
  return kExitError;
}

}  // namespace

int run_tokens(Context& context) {
  TokenInput input(context, read_tokens(read_options(context.settings)));
  try {
    return run_on(context, input);
  } catch (const Error& error) {
    throw input.located(error);
  }
}

}  // namespace labelsieve::cli
