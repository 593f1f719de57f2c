// Labels and probabilities out of NumPy arrays.
#pragma once

#include <string>

#include "io/npy.h"
#include "io/part.h"
#include "labelsieve/read.h"

namespace labelsieve::io {

/// What is wanted of a file.
struct Wanted {
  bool labels = false;
  bool pred_probs = false;
};

/// Labels of shape (N,) or (N, 1): integers and texts as they are, whole floats as integers.
LabelColumn labels_from_array(const NpyArray& array, const std::string& file, bool skip_invalid);

/// Probabilities of shape (N, K), or (N,) for one column, of any float width; not copied.
Probabilities probabilities_from_array(const NpyArray& array, const std::string& file);

/// A .npy file: labels or probabilities, whichever is wanted.
Part read_npy(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options);

/// A .npz archive: its members by their names, or where names say nothing by their shapes.
Part read_npz(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options);

}  // namespace labelsieve::io
