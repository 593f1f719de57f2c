#include "tasks/span_issue_list.h"

#include <algorithm>

namespace labelsieve {

std::vector<int64_t> flagged_sentences(const Sentences& sentences, std::span<const uint8_t> mask) {
  std::vector<int64_t> flagged;
  for (int64_t s = 0; s < sentences.size(); ++s) {
    const auto begin = mask.begin() + sentences.start(s);
    const auto end = mask.begin() + sentences.end(s);
    if (std::find(begin, end, uint8_t{1}) != end) flagged.push_back(s);
  }
  return flagged;
}

std::vector<SpanIssue> span_issues_of(const JudgedSentence& tokens, std::span<const Span> given,
                                      std::span<const Span> suggested,
                                      const SentenceScoreOptions& pooling) {
  std::vector<SpanIssue> issues;
  for (const SpanDifference& found : align_spans(given, suggested)) {
    SpanIssue issue{tokens.sentence, found.type, found.given, found.suggested, 0, 0, 0};
    const Span& one = found.given ? *found.given : *found.suggested;
    const Span& other = found.suggested ? *found.suggested : one;
    issue.start = std::min(one.start, other.start);
    issue.end = std::max(one.end, other.end);
    const auto start = static_cast<size_t>(issue.start);
    const auto size = static_cast<size_t>(issue.end - issue.start);
    const auto flags = tokens.mask.subspan(start, size);
    if (std::find(flags.begin(), flags.end(), uint8_t{1}) == flags.end()) continue;
    issue.label_quality = pooled_score(tokens.scores.subspan(start, size), pooling);
    issues.push_back(issue);
  }
  std::stable_sort(issues.begin(), issues.end(),
                   [](const SpanIssue& a, const SpanIssue& b) { return a.start < b.start; });
  return issues;
}

std::vector<SpanIssue> rank_span_issues(std::span<const std::vector<SpanIssue>> found,
                                        SentenceMethod method) {
  std::vector<SpanIssue> issues;
  for (const std::vector<SpanIssue>& part : found) {
    issues.insert(issues.end(), part.begin(), part.end());
  }
  const bool high_first = method == SentenceMethod::kExpectedErrors;
  std::stable_sort(
      issues.begin(), issues.end(), [high_first](const SpanIssue& a, const SpanIssue& b) {
        return high_first ? a.label_quality > b.label_quality : a.label_quality < b.label_quality;
      });
  return issues;
}

}  // namespace labelsieve
