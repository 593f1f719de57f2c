// Tags as what they say of a token: its type of span, and whether it begins one or goes on.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "kernels/rows.h"
#include "labelsieve/tag_scheme.h"

namespace labelsieve {

/// Where in its span a token is.
enum class Side : uint8_t { kOutside, kBegin, kInside };

/// The classes of a tag set, merged into columns: in the schemes that tell beginnings (IOB2, IOBES,
/// BILOU) one for each type and side, as in IOB2; in the others the classes as they are. Columns
/// are in the order of their first class, types in that of TagSet::types() with outside before
/// them, so that type k of a column is type k - 1 of a span.
class TagColumns {
 public:
  explicit TagColumns(const TagSet& tags);

  /// The tag set whose classes are the columns.
  const TagSet& tags() const { return tags_; }
  int64_t num_columns() const { return tags_.num_classes(); }
  int64_t num_types() const { return static_cast<int64_t>(tags_.types().size()) + 1; }
  int32_t column_of(int32_t label) const { return column_of_[static_cast<size_t>(label)]; }
  int32_t type_of(int32_t column) const { return tags_.tag(column).type + 1; }
  Side side_of(int32_t column) const { return side_of_[static_cast<size_t>(column)]; }

  /// The column of the same type and the other side, where the scheme tells beginnings; else -1.
  int32_t other_side(int32_t column) const { return other_side_[static_cast<size_t>(column)]; }

  /// Adds up the probabilities of a token: `columns` and `types` have num_columns() and num_types()
  /// elements.
  template <class T>
  void merge(const T* pred_probs, double* columns, double* types) const {
    for (int64_t c = 0; c < num_columns(); ++c) columns[c] = 0;
    for (int64_t k = 0; k < num_types(); ++k) types[k] = 0;
    for (size_t label = 0; label < column_of_.size(); ++label) {
      const auto p = static_cast<double>(widen(pred_probs[label]));
      columns[column_of_[label]] += p;
      types[type_of(column_of_[label])] += p;
    }
  }

 private:
  std::vector<int32_t> column_of_;  // per class
  TagSet tags_;
  std::vector<Side> side_of_;        // per column
  std::vector<int32_t> other_side_;  // per column
};

}  // namespace labelsieve
