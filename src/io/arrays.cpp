#include "io/arrays.h"

#include <cmath>
#include <limits>

#include "io/element.h"
#include "io/label_dictionary.h"
#include "io/label_sets.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

void check_label_shape(const NpyArray& array, const std::string& file) {
  const bool column = array.shape.size() == 2 && array.shape[1] == 1;
  if (array.shape.size() != 1 && !column) {
    refuse_file(
        file,
        "labels need the shape (N,), found " + array.describe() +
            (array.shape.size() == 2 ? "; are these the probabilities, or one-hot labels?" : ""));
  }
  if (array.size == 0) refuse_file(file, "there are no rows: " + array.describe());
}

/// Labels saved as floats, as pandas does for a column with gaps.
LabelColumn labels_from_floats(const NpyArray& array, const std::string& file, bool skip_invalid) {
  auto integers = std::make_shared_for_overwrite<int64_t[]>(static_cast<size_t>(array.size));
  with_float_type(float_type_of(array), [&]<class T>(T) {
    for (int64_t row = 0; row < array.size; ++row) {
      const double value =
          widened(load_element<T>(array.data + row * array.item_size, array.byte_swapped));
      const bool whole = std::abs(value) <= 0x1p53 && value == std::floor(value);
      if (!whole && !skip_invalid) {
        throw Error(ErrorCode::kInvalidData,
                    std::isnan(value) ? std::string("the label is missing (NaN); fill it in, or "
                                                    "leave such rows out with --skip-invalid")
                                      : "the label " + std::to_string(value) +
                                            " is not a whole number; labels are integers",
                    {.file = file, .row = row});
      }
      integers[row] = whole ? static_cast<int64_t>(value) : std::numeric_limits<int64_t>::min();
    }
  });
  LabelColumn column;
  column.integers = LabelsView(integers.get(), array.size);
  column.owner = std::move(integers);
  return column;
}

LabelColumn labels_from_texts(const NpyArray& array, const std::string& file) {
  LabelColumn column;
  column.is_text = true;
  column.codes.reserve(static_cast<size_t>(array.size));
  LabelDictionary dictionary;
  std::string text;
  for (int64_t row = 0; row < array.size; ++row) {
    string_element(array, row, text, file);
    column.codes.push_back(text.empty() ? kMissingLabel : dictionary.code_of(text));
  }
  column.values = dictionary.take_values();
  return column;
}

/// A matrix of integers or truth values, where it lies; `type` is that of its elements.
LabelSetsView matrix_view(const NpyArray& array, IntType type) {
  const int64_t columns = array.shape.size() == 2 ? array.shape[1] : 1;
  const int64_t rows = array.shape[0];
  LabelsView first_row;
  first_row.data = array.data;
  first_row.type = type;
  first_row.size = columns;
  first_row.stride = array.fortran_order ? array.item_size * rows : array.item_size;
  first_row.byte_swapped = array.byte_swapped;
  return LabelSetsView::matrix(first_row, rows,
                               array.fortran_order ? array.item_size : array.item_size * columns);
}

/// Zeros and ones saved as floats; other values become 2 or, where they are NaN, a missing set.
LabelColumn matrix_from_floats(const NpyArray& array) {
  LabelColumn column;
  const LabelSetsView given = matrix_view(array, IntType::kUInt8);
  const int64_t columns = given.elements().size;
  auto elements = std::make_shared_for_overwrite<uint8_t[]>(static_cast<size_t>(array.size));
  with_float_type(float_type_of(array), [&]<class T>(T) {
    uint8_t* out = elements.get();
    for (int64_t row = 0; row < given.rows(); ++row) {
      bool missing = false;
      for (int64_t k = 0; k < columns; ++k) {
        const std::byte* at = array.data + row * given.row_stride() + k * given.elements().stride;
        const double value = widened(load_element<T>(at, array.byte_swapped));
        missing |= std::isnan(value);
        *out++ = std::isnan(value) || value == 0 ? 0 : value == 1 ? 1 : 2;
      }
      if (missing) column.missing_sets.push_back(row);
    }
  });
  column.matrix = LabelSetsView::matrix(elements.get(), given.rows(), columns);
  column.owner = std::move(elements);
  return column;
}

LabelColumn sets_from_texts(const NpyArray& array, const std::string& file, const SetForm& form) {
  LabelColumn column;
  column.is_text = true;
  column.offsets = {0};
  LabelDictionary dictionary;
  std::string text;
  for (int64_t row = 0; row < array.size; ++row) {
    string_element(array, row, text, file);
    const bool good = split_label_set(text, form.separator, [&](std::string_view label) {
      column.codes.push_back(dictionary.code_of(label));
    });
    if (!good) {
      throw Error(ErrorCode::kInvalidData,
                  "one of the labels in " + quoted_text(text) + " is empty; write the labels " +
                      "with one " + quoted_text(form.separator) + " between them",
                  {.file = file, .row = row});
    }
    column.offsets.push_back(static_cast<int64_t>(column.codes.size()));
  }
  column.values = dictionary.take_values();
  return column;
}

}  // namespace

LabelColumn labels_from_array(const NpyArray& array, const std::string& file, bool skip_invalid) {
  check_label_shape(array, file);
  if (is_string_array(array)) return labels_from_texts(array, file);
  if (is_float_array(array)) return labels_from_floats(array, file, skip_invalid);
  if (!is_int_array(array)) {
    refuse_file(file, "labels need to be integers or strings, found " + array.describe() +
                          (array.kind == 'b' ? "; save them with .astype(int)" : ""));
  }
  LabelColumn column;
  column.integers.data = array.data;
  column.integers.type = int_type_of(array);
  column.integers.size = array.size;
  column.integers.stride = array.item_size;
  column.integers.byte_swapped = array.byte_swapped;
  column.owner = array.owner;
  return column;
}

LabelColumn label_sets_from_array(const NpyArray& array, const std::string& file,
                                  const SetForm& form) {
  const size_t dimensions = array.shape.size();
  const bool text = is_string_array(array);
  if (dimensions == 0 || dimensions > 2 || (text && dimensions == 2)) {
    refuse_file(
        file, "sets of labels need zeros and ones of shape (N, K), or texts of shape (N,); found " +
                  array.describe());
  }
  if (array.size == 0) refuse_file(file, "there are no rows: " + array.describe());
  if (text) return sets_from_texts(array, file, form);
  if (is_float_array(array)) return matrix_from_floats(array);
  const bool truth = array.kind == 'b';
  if (!truth && !is_int_array(array)) {
    refuse_file(file, "labels need to be zeros and ones, found " + array.describe());
  }
  LabelColumn column;
  column.matrix = matrix_view(array, truth ? IntType::kUInt8 : int_type_of(array));
  column.owner = array.owner;
  return column;
}

Probabilities probabilities_from_array(const NpyArray& array, const std::string& file) {
  if (array.shape.size() != 1 && array.shape.size() != 2) {
    refuse_file(file, "probabilities need the shape (N, K), found " + array.describe());
  }
  if (!is_float_array(array)) {
    refuse_file(file,
                "probabilities need to be float16, float32 or float64, found " + array.describe());
  }
  const int64_t columns = array.shape.size() == 2 ? array.shape[1] : 1;
  if (columns == 0) refuse_file(file, "there are no columns of probabilities: " + array.describe());
  if (array.size == 0) refuse_file(file, "there are no rows: " + array.describe());
  Probabilities probs;
  MatrixView& view = probs.view;
  view.data = array.data;
  view.type = float_type_of(array);
  view.rows = array.shape[0];
  view.columns = columns;
  view.row_stride = array.fortran_order ? array.item_size : array.item_size * columns;
  view.column_stride = array.fortran_order ? array.item_size * view.rows : array.item_size;
  view.byte_swapped = array.byte_swapped;
  probs.owner = array.owner;
  return probs;
}

Part read_npy(const FileBytes& bytes, const std::string& file, Wanted wanted,
              const ReadOptions& options) {
  if (wanted.labels && wanted.pred_probs) {
    refuse_file(
        file,
        "a .npy file holds one array; give --labels FILE and --pred-probs FILE, or one .npz "
        "with both");
  }
  const NpyArray array = parse_npy(bytes, file);
  Part part{.file = file};
  if (wanted.labels) {
    part.labels = wanted.sets != nullptr ? label_sets_from_array(array, file, *wanted.sets)
                                         : labels_from_array(array, file, options.skip_invalid);
  } else {
    part.pred_probs = probabilities_from_array(array, file);
  }
  part.rows = array.shape[0];
  return part;
}

}  // namespace labelsieve::io
