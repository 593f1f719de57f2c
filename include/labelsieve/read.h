// Reading datasets from the files people have: .npy, .npz, CSV, TSV, JSON lines; gzipped text too.
#pragma once

#include <string>
#include <vector>

#include "labelsieve/dataset.h"
#include "labelsieve/execution.h"
#include "labelsieve/sparse_matrix.h"

namespace labelsieve {

/// The format of a file; kAuto goes by its ending (.npy .npz .csv .tsv .jsonl .ndjson, each text
/// format also with .gz).
enum class InputFormat : uint8_t { kAuto, kNpy, kNpz, kCsv, kTsv, kJsonl };

/// Either `input` (one file that holds labels and probabilities) or `labels` and `pred_probs`.
/// "-" is standard input and needs `input_format`.
struct ReadOptions {
  // Parameters that affect the answer.
  std::string input = {};
  std::string labels = {};
  std::vector<std::string> pred_probs = {};       ///< Several: an ensemble.
  InputFormat input_format = InputFormat::kAuto;  ///< For `input`, or for the one that is "-".

  /// Default: label, given_label, labels, target, y or class.
  std::string label_column = {};
  /// Default: p_<class> or prob_<class>, or one column that holds vectors.
  std::vector<std::string> prob_columns = {};
  std::string id_column = {};                 ///< Default: none; "id" is recognised.
  std::string text_column = {};               ///< Default: none; "text" is recognised.
  std::vector<std::string> class_names = {};  ///< In the order of the probability columns.
  /// The numbers are logits: softmax each row (K = 1: the sigmoid).
  bool logits = false;
  /// Leave out rows with invalid labels or probabilities, and count them.
  bool skip_invalid = false;
  /// Take numbers as they stand, probabilities or not: inspect() counts what is wrong with them.
  /// Text that is no number stays an error.
  bool unchecked = false;

  // Parameters that affect only the speed.
  Execution execution = {};
};

/// Reads, maps and checks a dataset (definitions.md §8 and §10, formats in docs/formats.md).
/// .npy files and stored .npz members are memory-mapped; text is held in double precision.
/// Throws Error{kIo} or Error{kInvalidData} naming file, row or line, and column.
Dataset read_dataset(const ReadOptions& options);

/// A K×K joint from a .npy file of any number type: rows given, columns true.
SparseMatrix<double> read_joint(const std::string& file, int64_t num_classes);

/// Class names from a text file, one a line, or a JSON array of strings. Throws Error for an
/// empty, repeated or missing name.
std::vector<std::string> read_class_names(const std::string& file);

}  // namespace labelsieve
