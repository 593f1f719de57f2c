#include <string>

#include "base/refuse_argument.h"
#include "kernels/label_decode.h"
#include "labelsieve/span_classification.h"
#include "tasks/for_each_sentence.h"
#include "tasks/name_sentence.h"
#include "tasks/span_issue_list.h"
#include "tasks/tag_decoder.h"
#include "tasks/tag_spans.h"

namespace labelsieve {
namespace {

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
    const std::vector<Span> given = form_spans(tags_, labels);
    return span_issues_of({sentence, mask, scores}, given, suggest(rows, labels), pooling_);
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
  return rank_span_issues(found, options.pooling.method);
}

}  // namespace

SpanIssues find_span_issues(Source& source, const Sentences& sentences, const TagSet& tags,
                            const SpanOptions& options) {
  if (tags.num_classes() != source.num_classes()) {
    refuse_argument("there are tags for " + std::to_string(tags.num_classes()) +
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
