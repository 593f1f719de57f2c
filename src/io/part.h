// What one file holds, before the files of a dataset are put together.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/error.h"
#include "labelsieve/labels.h"
#include "labelsieve/line_numbers.h"
#include "labelsieve/matrix.h"
#include "labelsieve/multilabel_source.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// The code of a missing label, and of one that is in no class.
inline constexpr int32_t kMissingLabel = -1;
/// The code of a label that says it is none, as -100 does: left out without a fault.
inline constexpr int32_t kIgnoredLabel = -2;

/// Given labels as a file holds them: integers, or codes into the distinct texts.
struct LabelColumn {
  std::string name;  ///< Of the column, key or member; empty for an array on its own.

  // Integers; a missing one (only with skip_invalid) is INT64_MIN.
  LabelsView integers;
  std::shared_ptr<const void> owner;

  // Texts.
  bool is_text = false;
  std::vector<int32_t> codes;       ///< Per row; kMissingLabel, kIgnoredLabel: there is none.
  std::vector<std::string> values;  ///< Distinct texts in order of appearance.

  // Sets of labels: either the codes are those of all sets, one set after another, or `matrix` is
  // there.
  std::vector<int64_t> offsets = {};  ///< Where each set begins among the codes, and their end.
  std::vector<int64_t> missing_sets = {};    ///< Rows without a set, ascending; not the empty ones.
  std::optional<LabelSetsView> matrix = {};  ///< N×K; its values are not checked yet.
  std::vector<std::string> one_hot_classes = {};  ///< Of a table with a column for each class.
};

/// A matrix and what keeps it alive.
struct Probabilities {
  MatrixView view;
  std::shared_ptr<const void> owner;
  double* writable = nullptr;  ///< Row-major elements of an owned matrix; null for a borrowed one.
};

/// Where class names come from; it decides how far they are trusted.
enum class NameOrigin : uint8_t {
  kNone,
  kColumns,       ///< p_<class> columns, or a member of an archive.
  kPlainColumns,  ///< Columns named by the user: class names only if the labels say so.
  kKeys,          ///< Keys of a dictionary, in the order of the first row.
  kScores,        ///< A list of {label, score}: the order is ours, not the file's.
};

struct Part {
  std::string file;  ///< As the user named it.
  int64_t rows = 0;
  std::optional<LabelColumn> labels = {};
  std::optional<Probabilities> pred_probs = {};
  std::vector<std::string> class_names = {};
  NameOrigin name_origin = NameOrigin::kNone;
  std::vector<std::string> ids = {};   ///< Per row, or empty.
  std::vector<std::string> text = {};  ///< Per row, or empty.
  LineNumbers lines = {};              ///< Per row, or empty for arrays.
  std::vector<uint8_t> invalid = {};   ///< Per row, or empty: 1 where skip_invalid leaves it out.
  std::vector<uint8_t> ignored = {};   ///< Per row, or empty: 1 where numbers are not looked at.

  /// Where a row stands in the file.
  ErrorLocation location(int64_t row, std::string column = {}) const;

  bool is_ignored(int64_t row) const {
    return !ignored.empty() && ignored[static_cast<size_t>(row)] != 0;
  }

  /// Marks a row for leaving out.
  void mark_invalid(int64_t row);
};

/// Allocates a row-major matrix in double precision, not initialised.
Probabilities make_matrix(int64_t rows, int64_t columns);

}  // namespace labelsieve::io
