#include "io/arrays.h"

#include <cmath>
#include <limits>

#include "io/element.h"
#include "io/labels.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

[[noreturn]] void fail(const std::string& file, const std::string& message) {
  throw Error(ErrorCode::kInvalidData, message, {.file = file});
}

void check_label_shape(const NpyArray& array, const std::string& file) {
  const bool column = array.shape.size() == 2 && array.shape[1] == 1;
  if (array.shape.size() != 1 && !column) {
    fail(file,
         "labels need the shape (N,), found " + array.describe() +
             (array.shape.size() == 2 ? "; are these the probabilities, or one-hot labels?" : ""));
  }
  if (array.size == 0) fail(file, "there are no rows: " + array.describe());
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

}  // namespace

LabelColumn labels_from_array(const NpyArray& array, const std::string& file, bool skip_invalid) {
  check_label_shape(array, file);
  if (is_string_array(array)) return labels_from_texts(array, file);
  if (is_float_array(array)) return labels_from_floats(array, file, skip_invalid);
  if (!is_int_array(array)) {
    fail(file, "labels need to be integers or strings, found " + array.describe() +
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

Probabilities probabilities_from_array(const NpyArray& array, const std::string& file) {
  if (array.shape.size() != 1 && array.shape.size() != 2) {
    fail(file, "probabilities need the shape (N, K), found " + array.describe());
  }
  if (!is_float_array(array)) {
    fail(file, "probabilities need to be float16, float32 or float64, found " + array.describe());
  }
  const int64_t columns = array.shape.size() == 2 ? array.shape[1] : 1;
  if (columns == 0) fail(file, "there are no columns of probabilities: " + array.describe());
  if (array.size == 0) fail(file, "there are no rows: " + array.describe());
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
    fail(file,
         "a .npy file holds one array; give --labels FILE and --pred-probs FILE, or one .npz "
         "with both");
  }
  const NpyArray array = parse_npy(bytes, file);
  Part part{.file = file};
  if (wanted.labels) {
    part.labels = labels_from_array(array, file, options.skip_invalid);
  } else {
    part.pred_probs = probabilities_from_array(array, file);
  }
  part.rows = array.shape[0];
  return part;
}

}  // namespace labelsieve::io
