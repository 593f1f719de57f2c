#include "tasks/token_issue_finder.h"

#include "tasks/tag_spans.h"

namespace labelsieve {

void TokenIssueFinder::decode(const TokenSentence& tokens, TokenJudge& judge) {
  weights_ = judge.weigh_columns(tokens, cut_);
  const auto num_columns = static_cast<size_t>(columns_.num_columns());
  decoder_.start();
  for (size_t i = 0; i < tokens.size(); ++i) decoder_.add(&weights_[i * num_columns]);
  const std::span<const int32_t> best = decoder_.finish();
  path_.assign(best.begin(), best.end());
}

std::vector<SpanIssue> TokenIssueFinder::span_issues(const JudgedSentence& judged,
                                                     const TokenSentence& tokens) const {
  std::vector<Span> suggested = form_spans(columns_.tags(), path_);
  std::vector<Span> given = tokens.spans;
  for (std::vector<Span>* spans : {&given, &suggested}) {
    for (Span& span : *spans) {
      // Positions in the sentence, of which the ignored tokens were left out.
      span.end = tokens.positions[static_cast<size_t>(span.end) - 1] + 1;
      span.start = tokens.positions[static_cast<size_t>(span.start)];
    }
  }
  return span_issues_of(judged, given, suggested, {});
}

int32_t TokenIssueFinder::suggested_label(const TokenSentence& tokens, size_t token) const {
  const int32_t given = tokens.given[token];
  if (path_[token] != given) return class_of(token, path_[token]);
  const auto num_columns = static_cast<size_t>(columns_.num_columns());
  const std::span<const double> weights = weights_.subspan(token * num_columns, num_columns);
  int32_t best = given == 0 ? 1 : 0;
  for (int32_t column = best + 1; column < columns_.num_columns(); ++column) {
    if (column == given) continue;
    if (weights[static_cast<size_t>(column)] > weights[static_cast<size_t>(best)]) best = column;
  }
  return class_of(token, best);
}

/// Of the classes that are one column, the one that fits to whether the next token goes on.
int32_t TokenIssueFinder::class_of(size_t token, int32_t column) const {
  if (tags_.num_classes() == columns_.num_columns()) return column;
  const Tag& tag = columns_.tags().tag(column);
  if (tag.role == TagRole::kOutside) return tags_.label_of(tag);
  const bool goes_on = token + 1 < path_.size() &&
                       columns_.type_of(path_[token + 1]) == columns_.type_of(column) &&
                       columns_.side_of(path_[token + 1]) == Side::kInside;
  const bool begins = tag.role == TagRole::kBegin;
  const TagRole last = begins ? TagRole::kSingle : TagRole::kEnd;
  const TagRole others = begins ? TagRole::kBegin : TagRole::kInside;
  const int32_t fitting = tags_.label_of({goes_on ? others : last, tag.type});
  return fitting >= 0 ? fitting : tags_.label_of({goes_on ? last : others, tag.type});
}

}  // namespace labelsieve
