#include "token_issues.h"

#include <fmt/format.h>

#include <algorithm>

#include "ignore_file.h"
#include "selection.h"
#include "values.h"

namespace labelsieve::cli {
namespace {

/// "12:3" or "12"; token -1 is the whole sentence, sentence -1 nothing that there is.
TokenPosition parse_position(std::string_view entry, const Sentences& sentences) {
  constexpr TokenPosition kNothing{-1, -1};
  const size_t colon = entry.find(':');
  const std::optional<int64_t> sentence = integer_from(entry.substr(0, colon));
  if (!sentence || *sentence < 0 || *sentence >= sentences.size()) return kNothing;
  if (colon == std::string_view::npos) return {*sentence, -1};
  const std::optional<int64_t> token = integer_from(entry.substr(colon + 1));
  if (!token || *token < 0 || *token >= sentences.length(*sentence)) return kNothing;
  return {*sentence, *token};
}

/// A-Z are as good as a-z.
bool same_letters(std::string_view a, std::string_view b) {
  const auto small = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [&](char x, char y) { return small(x) == small(y); });
}

void keep(LabelIssues& found, const std::vector<uint8_t>& wanted, uint8_t value) {
  for (size_t i = 0; i < wanted.size(); ++i) {
    if (wanted[i] != value) leave_out(static_cast<int64_t>(i), found);
  }
}

/// All scores below the threshold, in the place of what the filter flagged. NaN is below nothing.
void flag_below(const Context& context, TokenInput& input, double below, TokenChoice& choice) {
  const std::vector<double> scores = score_tokens_of(context, input, choice);
  LabelIssues& found = choice.found;
  std::transform(scores.begin(), scores.end(), found.mask.begin(),
                 [below](double score) { return static_cast<uint8_t>(score < below); });
  found.num_issues = std::count(found.mask.begin(), found.mask.end(), uint8_t{1});
  found.expected_errors.reset();  // that of another choice
}

/// By the filter or --below.
TokenChoice flag_tokens(const Context& context, TokenInput& input) {
  const Settings& settings = context.settings;
  const bool flags = flags_by_words(settings, input);
  TokenChoice choice;
  if (flags || scores_by_words(settings, input)) choice.judged = judge_by_words(context, input);
  if (flags || (settings.tokens.below && choice.judged)) {
    choice.found = flagged_by_words(*choice.judged);
  } else {
    choice.found = flag_issues(context, input);
  }
  if (flags) choice.num_expected = choice.judged->expected_errors;
  if (settings.tokens.below) flag_below(context, input, *settings.tokens.below, choice);
  choice.num_flagged = choice.found.num_issues;
  return choice;
}

}  // namespace

IgnoredTokens read_ignored_tokens(const Context& context, const TokenInput& input) {
  const std::string& file = context.settings.selection.ignore_file;
  IgnoredTokens ignored;
  if (file.empty()) return ignored;
  const Sentences& sentences = input.sentences();
  ignored.tokens.resize(static_cast<size_t>(sentences.num_tokens()));
  ignored.sentences.resize(static_cast<size_t>(sentences.size()));
  const std::vector<IgnoreLine> lines = read_ignore_lines(file);
  std::vector<const IgnoreLine*> unknown;
  for (const IgnoreLine& line : lines) {
    const TokenPosition position = parse_position(line.entry, sentences);
    if (position.sentence < 0) {
      unknown.push_back(&line);
    } else if (position.token >= 0) {
      ignored.tokens[static_cast<size_t>(sentences.index(position))] = 1;
    } else {
      ignored.sentences[static_cast<size_t>(position.sentence)] = 1;
      std::fill(ignored.tokens.begin() + sentences.start(position.sentence),
                ignored.tokens.begin() + sentences.end(position.sentence), uint8_t{1});
    }
  }
  note_unknown_entries(context.messages, file, lines, unknown,
                       "sentence or token (SENTENCE or SENTENCE:TOKEN, from 0)");
  return ignored;
}

std::vector<uint8_t> wanted_words(const Context& context, const TokenInput& input) {
  const std::vector<std::string>& wanted = context.settings.tokens.words;
  std::vector<uint8_t> mask;
  if (wanted.empty()) return mask;
  const std::span<const std::string_view> words = input.words();
  mask.resize(words.size());
  for (const std::string& word : wanted) {
    bool any = false;
    for (size_t i = 0; i < words.size(); ++i) {
      if (!same_letters(words[i], word)) continue;
      mask[i] = 1;
      any = true;
    }
    if (!any) refuse_value("--word", fmt::format("no token is \"{}\"", word));
  }
  return mask;
}

TokenChoice choose_token_issues(const Context& context, TokenInput& input, bool ranked) {
  const ExampleSelector known_classes(context.settings.selection, input);
  const std::vector<uint8_t> words = wanted_words(context, input);
  const IgnoredTokens ignored = read_ignored_tokens(context, input);
  TokenChoice choice = flag_tokens(context, input);
  keep(choice.found, words, 1);
  keep(choice.found, ignored.tokens, 0);
  select_issues(
      context, input, ranked, [&] { return rank_tokens(context, input, choice); }, choice);
  return choice;
}

std::vector<TokenIssue> positioned(const std::vector<Example>& examples,
                                   const Sentences& sentences) {
  std::vector<TokenIssue> issues;
  issues.reserve(examples.size());
  for (const Example& example : examples) {
    issues.push_back({sentences.position(example.index), example});
  }
  return issues;
}

}  // namespace labelsieve::cli
