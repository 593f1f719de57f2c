// How many examples to prune, for each pair of given and true class.
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

struct PruneCountOptions {
  double frac_noise = 1.0;
  int64_t min_examples_per_class = 1;
  std::vector<int64_t> num_to_remove_per_class;  // none, or one per class
};

/// Element (k, j), j != k: the number of examples to prune that were given class k and are truly
/// of class j; element (k, k): how many of class k to keep. `joint` has given classes in rows
/// (definitions.md §3 writes M for the transpose of the result).
SparseMatrix<int64_t> prune_counts(const SparseMatrix<double>& joint,
                                   std::span<const int64_t> label_counts,
                                   const PruneCountOptions& options);

}  // namespace labelsieve
