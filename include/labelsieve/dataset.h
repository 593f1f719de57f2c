// A dataset as read from files: it owns, or maps, everything its views point to.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "labelsieve/labels.h"
#include "labelsieve/line_numbers.h"
#include "labelsieve/matrix.h"

namespace labelsieve {

/// Labels, one or more matrices of probabilities, and what the files say beside them.
/// Movable, not copyable; the views stay valid as long as the dataset lives.
struct Dataset {
  LabelsView labels;                     ///< N; with ignore_label where rows were skipped.
  std::vector<MatrixView> pred_probs;    ///< N×K each, one per model.
  std::vector<std::string> class_names;  ///< K, or empty when the classes have no names.
  std::vector<std::string> ids;          ///< N, or empty.
  std::vector<std::string> text;         ///< N, or empty.
  LineNumbers source_lines;              ///< Line (from 1) of each row of a text file, or empty.

  std::string labels_file;                    ///< As the user named them.
  std::vector<std::string> pred_probs_files;  ///< One per model.
  int64_t num_skipped = 0;                    ///< Rows left out by ReadOptions::skip_invalid.
  std::vector<std::string> notes;  ///< Lines for the user, such as a guessed class order.

  int64_t num_rows() const { return pred_probs.empty() ? labels.size : pred_probs.front().rows; }
  int64_t num_classes() const { return pred_probs.empty() ? 0 : pred_probs.front().columns; }

  /// What the views point to: buffers, mappings. Opaque.
  std::vector<std::shared_ptr<const void>> storage;

  Dataset() = default;
  Dataset(Dataset&&) = default;
  Dataset& operator=(Dataset&&) = default;
  Dataset(const Dataset&) = delete;
  Dataset& operator=(const Dataset&) = delete;
};

}  // namespace labelsieve
