// Labels and probabilities out of NumPy arrays.
#pragma once

#include <string>
#include <vector>

#include "io/npy.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// How sets of labels are written.
struct SetForm {
  std::string separator = "|";      ///< Between the labels of a cell.
  bool separator_is_given = false;  ///< By the user, so that it counts in JSON too.
  std::vector<std::string> columns =
      {};  ///< Of zeros and ones, one a class; empty: by their names.
};

/// What is wanted of a file.
struct Wanted {
  bool labels = false;
  bool pred_probs = false;
  const SetForm* sets = nullptr;  ///< Null: each example has one label.
};

/// Labels of shape (N,) or (N, 1): integers and texts as they are, whole floats as integers.
LabelColumn labels_from_array(const NpyArray& array, const std::string& file, bool skip_invalid);

/// Sets of labels: a matrix of zeros and ones of shape (N, K), or (N,) for one class, of any number
/// type; or texts of shape (N,) with separators. Integers are not copied.
LabelColumn label_sets_from_array(const NpyArray& array, const std::string& file,
                                  const SetForm& form);

/// Probabilities of shape (N, K), or (N,) for one column, of any float width; not copied.
Probabilities probabilities_from_array(const NpyArray& array, const std::string& file);

/// A .npy file: labels or probabilities, whichever is wanted.
Part read_npy(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options);

/// A .npz archive: its members by their names, or where names say nothing by their shapes.
Part read_npz(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options);

}  // namespace labelsieve::io
