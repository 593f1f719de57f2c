#include <algorithm>
#include <string>

#include "kernels/label_decode.h"
#include "labelsieve/error.h"
#include "labelsieve/span_classification.h"
#include "tasks/for_each_sentence.h"
#include "tasks/name_sentence.h"
#include "tasks/tag_decoder.h"
#include "tasks/tag_spans.h"

namespace labelsieve {
namespace {

/// The sentences with a flagged token.
std::vector<int64_t> flagged_sentences(const Sentences& sentences, std::span<const uint8_t> mask) {
  std::vector<int64_t> flagged;
  for (int64_t s = 0; s < sentences.size(); ++s) {
    const auto begin = mask.begin() + sentences.start(s);
    const auto end = mask.begin() + sentences.end(s);
    if (std::find(begin, end, uint8_t{1}) != end) flagged.push_back(s);
  }
  return flagged;
}

/// Finds the issues of single sentences. One for each thread.
class SentenceSpans {
 public:
  SentenceSpans(const TagSet& tags, const SentenceScoreOptions& pooling)
      : tags_(tags), pooling_(pooling), decoder_(tags) {}

  /// `mask` and `scores` have the sentence's tokens.
  template <class T>
  std::vector<SpanIssue> find(int64_t sentence, const Rows<T>& rows,
                              std::span<const int32_t> labels, std::span<const uint8_t> mask,
                              std::span<const double> scores) {
    std::vector<SpanIssue> issues;
    const std::vector<Span> given = form_spans(tags_, labels);
    for (const SpanDifference& found : align_spans(given, suggest(rows, labels))) {
      SpanIssue issue{sentence, found.type, found.given, found.suggested, 0, 0, 0};
      const Span& one = found.given ? *found.given : *found.suggested;
      const Span& other = found.suggested ? *found.suggested : one;
      issue.start = std::min(one.start, other.start);
      issue.end = std::max(one.end, other.end);
      const auto start = static_cast<size_t>(issue.start);
      const auto size = static_cast<size_t>(issue.end - issue.start);
      const auto flags = mask.subspan(start, size);
      if (std::find(flags.begin(), flags.end(), uint8_t{1}) == flags.end()) continue;
      issue.label_quality = pooled_score(scores.subspan(start, size), pooling_);
      issues.push_back(issue);
    }
    return issues;
  }

 private:
  /// The spans of the most probable labels; ignored tokens are passed over.
  template <class T>
  std::vector<Span> suggest(const Rows<T>& rows, std::span<const int32_t> labels) {
    decoder_.start();
    for (int64_t i = 0; i < rows.count; ++i) {
      if (labels[static_cast<size_t>(i)] != kIgnored) decoder_.add(rows.row(i));
    }
    suggested_.assign(labels.begin(), labels.end());
    auto next = decoder_.finish().begin();
    for (int32_t& label : suggested_) {
      if (label != kIgnored) label = *next++;
    }
    return form_spans(tags_, suggested_);
  }

  const TagSet& tags_;
  const SentenceScoreOptions& pooling_;
  TagDecoder decoder_;
  std::vector<int32_t> suggested_;
};

/// Most suspicious first; what is equal stays in the order of the data.
void rank(std::vector<SpanIssue>& issues, SentenceMethod method) {
  const bool high_first = method == SentenceMethod::kExpectedErrors;
  std::stable_sort(
      issues.begin(), issues.end(), [high_first](const SpanIssue& a, const SpanIssue& b) {
        return high_first ? a.label_quality > b.label_quality : a.label_quality < b.label_quality;
      });
}

std::vector<SpanIssue> find_in(Source& source, const Sentences& sentences, const TagSet& tags,
                               const SpanOptions& options, std::span<const uint8_t> mask) {
  const Execution& execution = options.filter.execution;
  ScoreOptions score = options.score;
  score.execution = execution;
  const std::vector<double> scores = label_quality_scores(source, score);
  const std::vector<int64_t> flagged = flagged_sentences(sentences, mask);
  std::vector<std::vector<SpanIssue>> found(flagged.size());
  std::vector<SentenceSpans> finders;
  const int workers = num_workers(execution, static_cast<int64_t>(flagged.size()));
  for (int w = 0; w < workers; ++w) finders.emplace_back(tags, options.pooling);
  for_each_sentence(source, sentences, flagged, execution, "spans",
                    [&](int64_t at, const auto& rows, std::span<const int32_t> labels, int worker) {
                      const int64_t sentence = flagged[static_cast<size_t>(at)];
                      const auto start = static_cast<size_t>(sentences.start(sentence));
                      found[static_cast<size_t>(at)] = finders[static_cast<size_t>(worker)].find(
                          sentence, rows, labels, mask.subspan(start, labels.size()),
                          std::span(scores).subspan(start, labels.size()));
                    });
  std::vector<SpanIssue> issues;
  for (std::vector<SpanIssue>& part : found) {
    std::stable_sort(part.begin(), part.end(),
                     [](const SpanIssue& a, const SpanIssue& b) { return a.start < b.start; });
    issues.insert(issues.end(), part.begin(), part.end());
  }
  rank(issues, options.pooling.method);
  return issues;
}

}  // namespace

SpanIssues find_span_issues(Source& source, const Sentences& sentences, const TagSet& tags,
                            const SpanOptions& options) {
  if (tags.num_classes() != source.num_classes()) {
    throw Error(ErrorCode::kInvalidArgument,
                "there are tags for " + std::to_string(tags.num_classes()) +
                    " classes, the probabilities have " + std::to_string(source.num_classes()) +
                    " columns; give one name per column");
  }
  check_num_tokens(sentences, source.num_rows());
  pooled_score({}, options.pooling);  // refuses options that make no sense before the long part
  return naming_sentences(sentences, [&] {
    SpanIssues result;
    result.tokens = find_label_issues(source, options.filter);
    check_num_tokens(sentences, static_cast<int64_t>(result.tokens.mask.size()));
    result.issues = find_in(source, sentences, tags, options, result.tokens.mask);
    return result;
  });
}

std::vector<ScoredSpan> score_spans(const TagSet& tags, const LabelsView& labels,
                                    const Sentences& sentences,
                                    std::span<const double> token_scores,
                                    const SentenceScoreOptions& pooling) {
  check_num_tokens(sentences, labels.size);
  check_num_tokens(sentences, static_cast<int64_t>(token_scores.size()));
  std::vector<ScoredSpan> scored;
  std::vector<int32_t> decoded;
  for (int64_t s = 0; s < sentences.size(); ++s) {
    decoded.resize(static_cast<size_t>(sentences.length(s)));
    decode_labels(labels, sentences.start(s), sentences.length(s), tags.num_classes(), 0,
                  decoded.data());
    for (const Span& span : form_spans(tags, decoded)) {
      const auto scores = token_scores.subspan(static_cast<size_t>(sentences.start(s) + span.start),
                                               static_cast<size_t>(span.end - span.start));
      scored.push_back({s, span, pooled_score(scores, pooling)});
    }
  }
  return scored;
}

}  // namespace labelsieve
