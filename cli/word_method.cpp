#include "word_method.h"

#include <fmt/format.h>

#include <cmath>
#include <unordered_map>

#include "values.h"

namespace labelsieve::cli {
namespace {

/// The method's own suggestions, which make spans, for the tokens that it flagged.
void set_suggestions(const std::vector<TokenIssue>& issues, std::vector<Example>& examples) {
  std::unordered_map<int64_t, const Example*> own;
  own.reserve(issues.size());
  for (const TokenIssue& issue : issues) own.emplace(issue.example.index, &issue.example);
  for (Example& example : examples) {
    const auto found = own.find(example.index);
    if (found == own.end()) continue;
    example.suggested_label = found->second->suggested_label;
    example.suggested_prob = found->second->suggested_prob;
  }
}

}  // namespace

bool flags_by_words(const Settings& settings, const TokenInput& input) {
  return settings.filter.filter_by == FilterBy::kAuto && !settings.tokens.below &&
         input.knows_words();
}

bool scores_by_words(const Settings& settings, const TokenInput& input) {
  return settings.score.method == Method::kAuto && input.knows_words();
}

bool has_own_sentence_scores(const Settings& settings, const TokenInput& input) {
  return settings.tokens.by == By::kSentence && !settings.tokens.pooling_is_given &&
         scores_by_words(settings, input);
}

TokenErrors judge_by_words(const Context& context, TokenInput& input) {
  TokenErrorOptions options;
  options.list_issues = flags_by_words(context.settings, input);
  options.execution = context.execution();
  return find_token_errors(input.source(), input.sentences(), input.tags(), {input.words()},
                           options);
}

LabelIssues flagged_by_words(const TokenErrors& judged) {
  return {.mask = judged.mask, .num_issues = judged.num_issues, .joint = judged.joint};
}

std::vector<double> score_tokens_of(const Context& context, TokenInput& input,
                                    const TokenChoice& choice) {
  if (scores_by_words(context.settings, input)) return choice.judged->label_quality;
  return score_values(context, input, choice.found);
}

std::vector<Example> describe_tokens(const Context& context, TokenInput& input,
                                     const TokenChoice& choice) {
  if (!choice.judged) return score_all(context, input, choice.found);
  const std::vector<double> scores = score_tokens_of(context, input, choice);
  std::vector<Example> examples = describe_all_examples(input.source(), plain_options(context));
  for (size_t i = 0; i < examples.size(); ++i) examples[i].label_quality = scores[i];
  set_suggestions(choice.judged->issues, examples);
  return examples;
}

std::vector<Example> rank_tokens(const Context& context, TokenInput& input,
                                 const TokenChoice& choice) {
  if (!choice.judged) return rank_issues(context, input, choice);
  const std::vector<double> scores = score_tokens_of(context, input, choice);
  std::vector<Example> ranked = describe_examples(
      input.source(), order_label_issues(choice.found.mask, scores), plain_options(context));
  for (Example& example : ranked) {
    example.label_quality = scores[static_cast<size_t>(example.index)];
  }
  set_suggestions(choice.judged->issues, ranked);
  return ranked;
}

std::vector<double> score_sentences_of(const Context& context, TokenInput& input,
                                       const TokenChoice& choice) {
  if (has_own_sentence_scores(context.settings, input)) return choice.judged->sentence_quality;
  return sentence_scores(score_tokens_of(context, input, choice), input.sentences(),
                         context.settings.tokens.pooling);
}

std::string expected_labels(const Issues& issues) {
  if (!issues.expected_errors()) return {};
  const auto count = static_cast<int64_t>(std::nearbyint(*issues.expected_errors()));
  return fmt::format("; {} expected by the automatic method",
                     counted(count, "wrong label", "wrong labels"));
}

}  // namespace labelsieve::cli
