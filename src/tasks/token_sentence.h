// One sentence as the automatic token scores see it: without ignored tokens, cut into units.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "kernels/label_decode.h"
#include "kernels/rows.h"
#include "tasks/tag_columns.h"
#include "tasks/tag_spans.h"

namespace labelsieve {

/// The tokens of a sentence that are not ignored, n of them; a buffer that is filled again and
/// again, one for each thread.
struct TokenSentence {
  std::vector<int64_t> positions;       ///< n: of each token in the sentence.
  std::vector<int32_t> labels;          ///< n: the given class.
  std::vector<int32_t> given;           ///< n: the column of the given label.
  std::vector<int32_t> types;           ///< n: its type, 0 = outside.
  std::vector<double> self_confidence;  ///< n: the probability of the given label itself.
  std::vector<double> columns;          ///< n x num_columns probabilities.
  std::vector<double> type_probs;       ///< n x num_types.
  std::vector<Span> spans;              ///< The given ones, in positions among the n tokens.
  std::vector<size_t> unit_starts;      ///< A unit is a given span or one token outside; and n.

  size_t size() const { return given.size(); }
  size_t num_units() const { return unit_starts.size() - 1; }

  template <class T>
  void load(const TagColumns& tags, const Rows<T>& rows, std::span<const int32_t> decoded) {
    const auto num_columns = static_cast<size_t>(tags.num_columns());
    const auto num_types = static_cast<size_t>(tags.num_types());
    positions.clear();
    labels.clear();
    given.clear();
    types.clear();
    self_confidence.clear();
    columns.resize(decoded.size() * num_columns);
    type_probs.resize(decoded.size() * num_types);
    for (size_t i = 0; i < decoded.size(); ++i) {
      if (decoded[i] == kIgnored) continue;
      const size_t n = given.size();
      tags.merge(rows.row(static_cast<int64_t>(i)), &columns[n * num_columns],
                 &type_probs[n * num_types]);
      positions.push_back(static_cast<int64_t>(i));
      self_confidence.push_back(
          static_cast<double>(widen(rows.row(static_cast<int64_t>(i))[decoded[i]])));
      labels.push_back(decoded[i]);
      given.push_back(tags.column_of(decoded[i]));
      types.push_back(tags.type_of(given.back()));
    }
    spans = form_spans(tags.tags(), given);
    cut_into_units();
  }

 private:
  void cut_into_units() {
    unit_starts.clear();
    size_t next = 0;
    for (const Span& span : spans) {
      for (; next < static_cast<size_t>(span.start); ++next) unit_starts.push_back(next);
      unit_starts.push_back(next);
      next = static_cast<size_t>(span.end);
    }
    for (; next <= size(); ++next) unit_starts.push_back(next);
  }
};

}  // namespace labelsieve
