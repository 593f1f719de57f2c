// Reading multi-label datasets from the same files as read.h: .npy, .npz, CSV, TSV, JSON lines.
#pragma once

#include <string>
#include <vector>

#include "labelsieve/multilabel_count.h"
#include "labelsieve/multilabel_dataset.h"
#include "labelsieve/read.h"

namespace labelsieve {

/// Where sets of labels and probabilities come from.
struct MultilabelReadOptions {
  /// Files, columns, class names and what to do with invalid rows, as for single labels; one model
  /// at most. `logits` takes the sigmoid of each number.
  ReadOptions common = {};

  /// Between the labels of a cell or a string; spaces around labels do not count. Empty: "|" in
  /// tables and arrays, while a string in JSON lines is one label.
  std::string label_separator = {};

  /// Columns of a table that hold 1 where an example has a class and 0 where it has not, one a
  /// class. Default, where there is no column of labels: label_<class> or y_<class>.
  std::vector<std::string> label_columns = {};
};

/// Reads, maps and checks a multi-label dataset (formats in docs/formats.md). Sets are lists in
/// JSON lines, cells with separators or columns of zeros and ones in tables, N×K zeros and ones in
/// arrays (not copied unless they are floats). An empty set is a set; a missing one (null, NA, NaN,
/// no key) is an error.
///
/// Labels are matched with class names as in read_dataset(). The names are those given, else those
/// of the probabilities, else those of the columns of zeros and ones, else the different labels,
/// sorted, if they are as many as columns of probabilities.
///
/// Throws Error{kIo} or Error{kInvalidData} naming file, row or line, and column, and
/// Error{kInvalidArgument} for options that do not fit.
MultilabelDataset read_multilabel(const MultilabelReadOptions& options);

/// The joints of all classes from a .npy file of any number type and shape (K, 2, 2): for each
/// class rows given (absent, present), columns true.
std::vector<BinaryMatrix<double>> read_multilabel_joint(const std::string& file,
                                                        int64_t num_classes);

/// Whether the beginning of the labels' file looks like sets: lists in JSON lines (without tokens
/// beside them), columns label_<class> or y_<class> without a column of labels, a matrix of
/// integers or truth values with several columns. False for standard input and for files that
/// cannot be read. Cost: the first line of text, the header of an array; of an archive all of it
/// that is compressed.
bool looks_multilabel(const ReadOptions& options);

}  // namespace labelsieve
