#include "labelsieve/token_errors.h"

#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <string>

#include "base/crew.h"
#include "base/refuse_argument.h"
#include "tasks/for_each_sentence.h"
#include "tasks/name_sentence.h"
#include "tasks/span_issue_list.h"
#include "tasks/token_issue_finder.h"

namespace labelsieve {
namespace {

/// Above it no probability of an error leaves a doubt that the label could be right after all.
constexpr double kHighestError = 1 - 1e-12;

/// What the cut is held within when spans are decoded.
constexpr double kLowestCut = 1e-6;
constexpr double kHighestCut = 0.5;

/// The sentences of a source, one after another, as TokenSentence.
class SentencePasses {
 public:
  SentencePasses(Source& source, const Sentences& sentences, const TagColumns& tags,
                 const Execution& execution)
      : source_(source), sentences_(sentences), tags_(tags), execution_(execution) {
    for (int64_t s = 0; s < sentences.size(); ++s) {
      if (sentences.length(s) > 0) all_.push_back(s);
    }
    buffers_.resize(workers());
  }

  const Sentences& sentences() const { return sentences_; }
  size_t workers() const {
    return static_cast<size_t>(num_workers(execution_, static_cast<int64_t>(all_.size())));
  }

  /// Calls work(sentence, tokens, worker) for all sentences that are not empty.
  template <class Work>
  void for_all(std::string_view stage, const Work& work) {
    for_these(all_, stage, [&](int64_t at, const TokenSentence& tokens, const auto&, int worker) {
      work(all_[static_cast<size_t>(at)], tokens, worker);
    });
  }

  /// Calls work(position, tokens, rows, worker) for all sentences of a list in ascending order.
  template <class Work>
  void for_these(std::span<const int64_t> wanted, std::string_view stage, const Work& work) {
    for_each_sentence(
        source_, sentences_, wanted, execution_, stage,
        [&](int64_t at, const auto& rows, std::span<const int32_t> labels, int worker) {
          TokenSentence& tokens = buffers_[static_cast<size_t>(worker)];
          tokens.load(tags_, rows, labels);
          work(at, tokens, rows, worker);
        });
  }

 private:
  Source& source_;
  const Sentences& sentences_;
  const TagColumns& tags_;
  const Execution& execution_;
  std::vector<int64_t> all_;
  std::vector<TokenSentence> buffers_;  // one per worker
};

/// Everything that is counted of the whole dataset; writes the type of each token.
TokenEvidence count_evidence(SentencePasses& passes, const TagColumns& tags,
                             std::optional<double> base_rate_exponent,
                             std::vector<int32_t>& types) {
  std::vector<TokenCounts> counts(passes.workers(), TokenCounts(tags.num_types()));
  passes.for_all("token types", [&](int64_t sentence, const TokenSentence& tokens, int worker) {
    counts[static_cast<size_t>(worker)].add(tags, tokens);
    const int64_t first = passes.sentences().start(sentence);
    for (size_t i = 0; i < tokens.size(); ++i) {
      types[static_cast<size_t>(first + tokens.positions[i])] = tokens.types[i];
    }
  });
  TokenEvidence evidence(counts, tags.num_types());
  std::vector<TypeJoint> joints(passes.workers(), TypeJoint(evidence.thresholds));
  passes.for_all("joint of types", [&](int64_t, const TokenSentence& tokens, int worker) {
    joints[static_cast<size_t>(worker)].add(tokens);
  });
  evidence.add_joint(joints, base_rate_exponent);
  return evidence;
}

/// The probability that a sentence is right.
double sentence_quality(const TokenSentence& tokens, std::span<const double> errors) {
  double quality = 1;
  for (size_t u = 0; u < tokens.num_units(); ++u) {
    const auto begin = errors.begin() + static_cast<std::ptrdiff_t>(tokens.unit_starts[u]);
    const auto end = errors.begin() + static_cast<std::ptrdiff_t>(tokens.unit_starts[u + 1]);
    quality *= 1 - std::min(*std::max_element(begin, end), kHighestError);
  }
  return quality;
}

/// What score() leaves of a token, beside its quality.
using TokenProbabilities = std::vector<double>;

/// Scores all tokens and sentences. Returns the probability that each token is wrong, NaN for
/// ignored ones.
TokenProbabilities score(SentencePasses& passes, std::vector<TokenJudge>& judges,
                         TokenErrors& result) {
  const auto num_tokens = static_cast<size_t>(passes.sentences().num_tokens());
  TokenProbabilities errors(num_tokens, std::numeric_limits<double>::quiet_NaN());
  result.label_quality = errors;
  result.sentence_quality.assign(static_cast<size_t>(passes.sentences().size()), 1);
  passes.for_all("token errors", [&](int64_t sentence, const TokenSentence& tokens, int worker) {
    TokenJudge& judge = judges[static_cast<size_t>(worker)];
    const int64_t first = passes.sentences().start(sentence);
    judge.judge(tokens, first);
    for (size_t i = 0; i < tokens.size(); ++i) {
      const auto token = static_cast<size_t>(first + tokens.positions[i]);
      errors[token] = judge.errors()[i];
      const double doubt = (2 * judge.errors()[i] + 1 - tokens.self_confidence[i]) / 3;
      result.label_quality[token] = std::clamp(1 - doubt, 0.0, 1.0);
    }
    result.sentence_quality[static_cast<size_t>(sentence)] =
        sentence_quality(tokens, judge.errors());
  });
  return errors;
}

/// Flags the tokens that are most probably wrong and returns the lowest probability among them.
/// Their number is the geometric mean of two: that of all labels that the model disagrees with,
/// which is too many, and the expected number of errors, which is mostly too few.
double cut(const TokenProbabilities& errors, TokenErrors& result) {
  for (const double error : errors) {
    if (!std::isnan(error)) result.expected_errors += error;
  }
  const double number =
      std::sqrt(static_cast<double>(result.joint.num_disagreeing) * result.expected_errors);
  result.num_issues = static_cast<int64_t>(number);
  result.mask.assign(errors.size(), 0);
  std::vector<double> negated(errors.size());
  std::transform(errors.begin(), errors.end(), negated.begin(), std::negate<>());
  double lowest = kHighestCut;
  for (const int64_t token : find_top_issues(negated, result.num_issues)) {
    result.mask[static_cast<size_t>(token)] = 1;
    lowest = errors[static_cast<size_t>(token)];
  }
  return std::clamp(lowest, kLowestCut, kHighestCut);
}

/// Lists the flagged tokens of a sentence.
template <class T>
void list_tokens(const JudgedSentence& judged, const TokenSentence& tokens, const Rows<T>& rows,
                 const TokenIssueFinder& finder, int64_t first, std::vector<TokenIssue>& issues) {
  for (size_t i = 0; i < tokens.size(); ++i) {
    const int64_t position = tokens.positions[i];
    if (judged.mask[static_cast<size_t>(position)] == 0) continue;
    const int32_t suggested = finder.suggested_label(tokens, i);
    issues.push_back(
        {{judged.sentence, position},
         {.index = first + position,
          .given_label = tokens.labels[i],
          .suggested_label = suggested,
          .label_quality = judged.scores[static_cast<size_t>(position)],
          .self_confidence = tokens.self_confidence[i],
          .suggested_prob = static_cast<double>(widen(rows.row(position)[suggested]))}});
  }
}

/// Fills the two lists of issues.
void list_issues(SentencePasses& passes, const TagSet& tags, const TagColumns& columns,
                 std::vector<TokenJudge>& judges, double cut, TokenErrors& result) {
  const Sentences& sentences = passes.sentences();
  const std::vector<int64_t> flagged = flagged_sentences(sentences, result.mask);
  std::vector<std::vector<SpanIssue>> spans(flagged.size());
  std::vector<std::vector<TokenIssue>> tokens_of(flagged.size());
  std::vector<TokenIssueFinder> finders(judges.size(), TokenIssueFinder(tags, columns, cut));
  passes.for_these(
      flagged, "issues",
      [&](int64_t at, const TokenSentence& tokens, const auto& rows, int worker) {
        const int64_t sentence = flagged[static_cast<size_t>(at)];
        const int64_t first = sentences.start(sentence);
        const auto length = static_cast<size_t>(sentences.length(sentence));
        TokenJudge& judge = judges[static_cast<size_t>(worker)];
        TokenIssueFinder& finder = finders[static_cast<size_t>(worker)];
        judge.judge(tokens, first);
        finder.decode(tokens, judge);
        const auto start = static_cast<size_t>(first);
        const JudgedSentence judged{sentence, std::span(result.mask).subspan(start, length),
                                    std::span(result.label_quality).subspan(start, length)};
        spans[static_cast<size_t>(at)] = finder.span_issues(judged, tokens);
        list_tokens(judged, tokens, rows, finder, first, tokens_of[static_cast<size_t>(at)]);
      });
  result.spans = rank_span_issues(spans, SentenceMethod::kMin);
  for (const std::vector<TokenIssue>& part : tokens_of) {
    result.issues.insert(result.issues.end(), part.begin(), part.end());
  }
  std::stable_sort(result.issues.begin(), result.issues.end(),
                   [](const TokenIssue& a, const TokenIssue& b) {
                     return a.example.label_quality < b.example.label_quality;
                   });
}

void check(const Source& source, const Sentences& sentences, const TagSet& tags,
           const TokenContext& context) {
  if (tags.num_classes() != source.num_classes()) {
    refuse_argument("there are tags for " + std::to_string(tags.num_classes()) +
                    " classes, the probabilities have " + std::to_string(source.num_classes()) +
                    " columns; give one name per column");
  }
  check_num_tokens(sentences, source.num_rows());
  if (!has_token_context(tags, context, sentences.num_tokens())) {
    refuse_argument(
        "the automatic method for tokens needs one word per token, and classes of which "
        "one is \"O\" and one is not; use another method, or give words");
  }
  if (!context.documents.empty() &&
      static_cast<int64_t>(context.documents.size()) != sentences.size()) {
    refuse_argument("there are documents for " + std::to_string(context.documents.size()) + " of " +
                    std::to_string(sentences.size()) + " sentences; give one for each");
  }
}

void check(const TokenErrorOptions& options) {
  const double exponent = options.base_rate_exponent.value_or(0);
  if (exponent >= 0 && exponent <= 1) return;
  refuse_argument("the base rate exponent must be within 0 and 1");
}

}  // namespace

bool has_token_context(const TagSet& tags, const TokenContext& context, int64_t num_tokens) {
  return static_cast<int64_t>(context.words.size()) == num_tokens && !tags.types().empty() &&
         tags.label_of(Tag{}) >= 0;
}

TokenErrors find_token_errors(Source& source, const Sentences& sentences, const TagSet& tags,
                              const TokenContext& context, const TokenErrorOptions& options) {
  const CrewScope scope;
  check(source, sentences, tags, context);
  check(options);
  return naming_sentences(sentences, [&] {
    TokenErrors result;
    ConfidentJointOptions joint_options;
    joint_options.execution = options.execution;
    result.joint = confident_joint(source, joint_options);  // refuses invalid numbers
    const TagColumns columns(tags);
    SentencePasses passes(source, sentences, columns, options.execution);
    std::vector<int32_t> types(static_cast<size_t>(sentences.num_tokens()), -1);
    const TokenEvidence evidence =
        count_evidence(passes, columns, options.base_rate_exponent, types);
    const WordMemory memory(context.words, sentences, context.documents, std::move(types),
                            evidence.type_shares);
    std::vector<TokenJudge> judges(passes.workers(), TokenJudge(columns, evidence, memory));
    const TokenProbabilities errors = score(passes, judges, result);
    const double lowest = cut(errors, result);
    if (options.list_issues) list_issues(passes, tags, columns, judges, lowest, result);
    return result;
  });
}

}  // namespace labelsieve
