// A multi-label dataset as read from files: it owns, or maps, everything its views point to.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "labelsieve/line_numbers.h"
#include "labelsieve/matrix.h"
#include "labelsieve/multilabel_source.h"

namespace labelsieve {

/// Sets of labels, a matrix of probabilities, and what the files say beside them. Movable, not
/// copyable; the views stay valid as long as the dataset lives.
struct MultilabelDataset {
  LabelSetsView labels;                  ///< N; `ignored` marks rows that were skipped.
  MatrixView pred_probs;                 ///< N×K.
  std::vector<std::string> class_names;  ///< K, or empty when the classes have no names.
  std::vector<std::string> ids;          ///< N, or empty.
  std::vector<std::string> text;         ///< N, or empty.
  LineNumbers source_lines;              ///< Line (from 1) of each row of a text file, or empty.

  std::string labels_file;  ///< As the user named it.
  std::string pred_probs_file;
  int64_t num_skipped = 0;         ///< Rows left out by ReadOptions::skip_invalid.
  std::vector<std::string> notes;  ///< Lines for the user, such as a guessed class order.

  int64_t num_rows() const { return pred_probs.rows; }
  int64_t num_classes() const { return pred_probs.columns; }
  MultilabelMemorySource source() const { return {labels, pred_probs}; }

  /// What the views point to: buffers, mappings. Opaque.
  std::vector<std::shared_ptr<const void>> storage;

  MultilabelDataset() = default;
  MultilabelDataset(MultilabelDataset&&) = default;
  MultilabelDataset& operator=(MultilabelDataset&&) = default;
  MultilabelDataset(const MultilabelDataset&) = delete;
  MultilabelDataset& operator=(const MultilabelDataset&) = delete;
};

}  // namespace labelsieve
