#include <algorithm>
#include <tuple>

#include "labelsieve/span_classification.h"

namespace labelsieve {

std::vector<SpanDifference> align_spans(std::span<const Span> given,
                                        std::span<const Span> suggested) {
  std::vector<SpanDifference> differences;
  std::vector<uint8_t> touched(suggested.size());
  size_t first = 0;  // suggestions before it end where the given span starts, or earlier
  for (const Span& own : given) {
    while (first < suggested.size() && suggested[first].end <= own.start) ++first;
    const Span* best = nullptr;
    std::tuple<int64_t, bool> best_key;
    for (size_t s = first; s < suggested.size() && suggested[s].start < own.end; ++s) {
      touched[s] = 1;
      const Span& other = suggested[s];
      const std::tuple key(std::min(own.end, other.end) - std::max(own.start, other.start),
                           other.type == own.type);
      if (best != nullptr && key <= best_key) continue;
      best = &other;
      best_key = key;
    }
    if (best == nullptr) {
      differences.push_back({SpanIssueType::kSpurious, own, std::nullopt});
    } else if (*best != own) {
      const bool same_tokens = best->start == own.start && best->end == own.end;
      differences.push_back(
          {same_tokens ? SpanIssueType::kWrongType : SpanIssueType::kWrongBoundary, own, *best});
    }
  }
  for (size_t s = 0; s < suggested.size(); ++s) {
    if (touched[s] == 0) {
      differences.push_back({SpanIssueType::kMissing, std::nullopt, suggested[s]});
    }
  }
  return differences;
}

}  // namespace labelsieve
