// Span classification: tokens inside or outside of one kind of span, and the wrong spans of any
// number of types.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "labelsieve/tag_scheme.h"
#include "labelsieve/token_classification.h"

namespace labelsieve {

/// Labels 0/1 and one probability p each, as the problem of two classes [1 - p, p]; labels 0 is
/// outside. find_token_issues(), scores and all else take it like any source.
///
/// The two columns only ever exist for some thousand tokens; 1 - p is taken in the type of p, of
/// half precision in single. Not thread-safe; the source it reads must outlive it.
class BinarySource final : public Source {
 public:
  /// `one_column` has the probabilities in its single column: a MemorySource of an N x 1 view, a
  /// SentenceSource, a file. Throws Error{kInvalidArgument} when it has more. The two columns are
  /// filled by as many threads as `execution` says.
  explicit BinarySource(Source& one_column, const Execution& execution = {});

  int64_t num_classes() const override { return 2; }
  int64_t num_rows() const override { return one_column_.num_rows(); }
  /// Throws Error{kInvalidData} for a p of a token that is not ignored and is not within [0, 1].
  bool next(Block& block) override;
  void reset() override;

 private:
  template <class T>
  void fill(const MatrixView& column, const LabelsView& labels);
  template <class T, class W>
  static void fill_rows(const MatrixView& column, const LabelsView& labels, int64_t first_row,
                        W* out);
  template <class W>
  std::vector<W>& buffer();

  Source& one_column_;
  int num_threads_;
  Block inner_;           // what was last read
  int64_t position_ = 0;  // rows of it that were delivered
  std::vector<float> floats_;
  std::vector<double> doubles_;
};

/// What is wrong about a span.
enum class SpanIssueType : uint8_t {
  kMissing,        ///< No given span, where one is suggested.
  kSpurious,       ///< A given span, where none is suggested.
  kWrongType,      ///< The same tokens with another type.
  kWrongBoundary,  ///< Other tokens, overlapping; the type may be another too.
};

/// A span that is probably wrong. Every given span has one at most; several may have the same
/// suggestion, as when they should be one.
struct SpanIssue {
  int64_t sentence = 0;
  SpanIssueType type = SpanIssueType::kMissing;
  std::optional<Span> given;      ///< Nothing for kMissing.
  std::optional<Span> suggested;  ///< Nothing for kSpurious.
  int64_t start = 0;              ///< The tokens [start, end) of the sentence that the given span,
  int64_t end = 0;                ///< the suggested one and what is between them take up.
  double label_quality = 0;       ///< Pooled from the token scores of [start, end).
};

struct SpanOptions {
  FilterOptions filter = {};          ///< Which tokens are issues; its execution is used for all.
  ScoreOptions score = {};            ///< The token scores.
  SentenceScoreOptions pooling = {};  ///< How they become the score of a span.
};

struct SpanIssues {
  LabelIssues tokens;             ///< The tokens that were flagged.
  std::vector<SpanIssue> issues;  ///< Most suspicious first; ties by sentence and start.
};

/// Finds wrong spans (definitions.md §5). In sentences with flagged tokens the suggested labels are
/// the most probable sequence that the scheme allows; its spans are aligned with the given ones,
/// and discrepancies that hold a flagged token are issues.
///
/// `tags` has the classes of the source's columns. Cost: find_label_issues() and the token scores,
/// then O(tokens · K) for the sentences with flagged tokens. Throws Error as find_token_issues(),
/// and Error{kInvalidArgument} unless there is a tag for every class.
SpanIssues find_span_issues(Source& source, const Sentences& sentences, const TagSet& tags,
                            const SpanOptions& options = {});

/// A given span and its quality.
struct ScoredSpan {
  int64_t sentence = 0;
  Span span;
  double label_quality = 0;
};

/// Every given span, in order, with its pooled token scores. Cost: one look at labels and scores.
std::vector<ScoredSpan> score_spans(const TagSet& tags, const LabelsView& labels,
                                    const Sentences& sentences,
                                    std::span<const double> token_scores,
                                    const SentenceScoreOptions& pooling = {});

/// One difference between two lists of spans.
struct SpanDifference {
  SpanIssueType type = SpanIssueType::kMissing;
  std::optional<Span> given;
  std::optional<Span> suggested;
};

/// Aligns the spans of a sentence; both lists are in order and without overlaps. Every given span
/// without an equal among the suggested is one difference: with the suggested span that overlaps it
/// most (ties: the one of its type, then the first), or kSpurious with none. Suggested spans that
/// overlap no given one are kMissing. Differences by given span, those without one last.
/// Cost: O(length of both lists).
std::vector<SpanDifference> align_spans(std::span<const Span> given,
                                        std::span<const Span> suggested);

}  // namespace labelsieve
