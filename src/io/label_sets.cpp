#include "io/label_sets.h"

#include <algorithm>
#include <atomic>
#include <cctype>
#include <utility>

#include "base/parallel.h"
#include "io/element.h"
#include "io/labels.h"
#include "io/message.h"

namespace labelsieve::io {
namespace {

bool is_word_for_missing(std::string_view text) { return text == "NA" || text == "null"; }

void mark(std::vector<uint8_t>& invalid, int64_t row, int64_t rows) {
  if (invalid.empty()) invalid.assign(static_cast<size_t>(rows), 0);
  invalid[static_cast<size_t>(row)] = 1;
}

/// The rows without a set: those that the reader met, and those that say so in a word. The words
/// are taken out of `column`, where they are the last labels to be looked at.
std::vector<int64_t> take_missing_sets(LabelColumn& column,
                                       const std::vector<std::string>& class_names) {
  std::vector<uint8_t> is_word(column.values.size());
  for (size_t v = 0; v < is_word.size(); ++v) {
    const std::string& value = column.values[v];
    is_word[v] = is_word_for_missing(value) &&
                 std::find(class_names.begin(), class_names.end(), value) == class_names.end();
  }
  std::vector<int64_t> missing = column.missing_sets;
  if (std::find(is_word.begin(), is_word.end(), 1) == is_word.end()) return missing;
  std::vector<int32_t> codes;
  codes.reserve(column.codes.size());
  size_t begin = 0;
  for (size_t row = 0; row + 1 < column.offsets.size(); ++row) {
    const auto end = static_cast<size_t>(column.offsets[row + 1]);
    const bool one_word =
        end - begin == 1 && is_word[static_cast<size_t>(column.codes[begin])] != 0;
    if (one_word) {
      missing.push_back(static_cast<int64_t>(row));
    } else {
      codes.insert(codes.end(), column.codes.begin() + static_cast<std::ptrdiff_t>(begin),
                   column.codes.begin() + static_cast<std::ptrdiff_t>(end));
    }
    begin = end;
    column.offsets[row + 1] = static_cast<int64_t>(codes.size());
  }
  column.codes = std::move(codes);
  std::sort(missing.begin(), missing.end());
  return missing;
}

/// Drops texts that no label has any more, so that class names are not guessed from them.
void drop_unused_values(LabelColumn& column) {
  std::vector<int32_t> new_code(column.values.size(), kMissingLabel);
  std::vector<std::string> values;
  for (const int32_t code : column.codes) new_code[static_cast<size_t>(code)] = 0;
  for (size_t v = 0; v < new_code.size(); ++v) {
    if (new_code[v] == kMissingLabel) continue;
    new_code[v] = static_cast<int32_t>(values.size());
    values.push_back(std::move(column.values[v]));
  }
  for (int32_t& code : column.codes) code = new_code[static_cast<size_t>(code)];
  column.values = std::move(values);
}

[[noreturn]] void refuse_missing(const Part& part, const std::vector<int64_t>& missing) {
  const auto count = static_cast<int64_t>(missing.size());
  throw Error(ErrorCode::kInvalidData,
              count_of(count, "set") + " of labels " + (count == 1 ? "is" : "are") +
                  " missing, the first one here; fill in (an example without labels has the empty "
                  "set: an empty cell, or []), or leave such rows out with --skip-invalid",
              part.location(missing.front(), part.labels->name));
}

/// The labels of all sets as if each were an example, for resolve_labels().
Part flattened(const Part& part, LabelColumn labels) {
  Part flat{.file = part.file, .rows = static_cast<int64_t>(labels.codes.size())};
  if (!part.lines.empty()) {
    for (size_t row = 0; row + 1 < labels.offsets.size(); ++row) {
      flat.lines.append(part.lines[row], 0, labels.offsets[row + 1] - labels.offsets[row]);
    }
  }
  flat.labels = std::move(labels);
  return flat;
}

void resolve_sets(const Part& part, int64_t num_classes, NameOrigin origin, bool skip_invalid,
                  const Execution& execution, ResolvedSets& result) {
  LabelColumn column = *part.labels;
  const std::vector<int64_t> missing = take_missing_sets(column, result.class_names);
  if (!missing.empty()) {
    if (!skip_invalid) refuse_missing(part, missing);
    for (const int64_t row : missing) mark(result.invalid, row, part.rows);
    drop_unused_values(column);
  }
  const std::vector<int64_t> offsets = column.offsets;
  Part flat = flattened(part, std::move(column));
  ResolvedLabels labels = resolve_labels(flat, num_classes, std::move(result.class_names), origin,
                                         skip_invalid, execution);
  for (int64_t row = 0; !labels.invalid.empty() && row < part.rows; ++row) {
    const auto begin = labels.invalid.begin() + offsets[static_cast<size_t>(row)];
    const auto end = labels.invalid.begin() + offsets[static_cast<size_t>(row) + 1];
    if (std::find(begin, end, 1) != end) mark(result.invalid, row, part.rows);
  }
  auto starts = std::make_shared<const std::vector<int64_t>>(offsets);
  result.sets = LabelSetsView::sets(
      LabelsView(starts->data(), static_cast<int64_t>(starts->size())), labels.labels);
  result.class_names = std::move(labels.class_names);
  result.notes = std::move(labels.notes);
  result.owners = {std::move(starts), std::move(labels.owner)};
}

/// Whether a row holds nothing but zeros and ones.
template <class T>
bool row_is_good(const std::byte* row, const LabelsView& first_row, int64_t columns) {
  bool good = true;
  for (int64_t k = 0; k < columns; ++k, row += first_row.stride) {
    const T value = load_element<T>(row, first_row.byte_swapped);
    good &= (value == 0) | (value == 1);
  }
  return good;
}

[[noreturn]] void refuse_matrix_row(const Part& part, int64_t row, const std::byte* values,
                                    int64_t num_classes) {
  const LabelsView& first_row = part.labels->matrix->elements();
  std::string found;
  int64_t column = 0;
  visit_int_type(first_row.type, [&]<class T>(T) {
    for (int64_t k = 0; k < num_classes && found.empty(); ++k) {
      const T value = load_element<T>(values + k * first_row.stride, first_row.byte_swapped);
      if (value != 0 && value != 1) found = std::to_string(value);
      column = k;
    }
  });
  throw Error(ErrorCode::kInvalidData,
              found +
                  " stands in the matrix of labels; write 1 where an example has a class and 0 "
                  "where it has not, or leave such rows out with --skip-invalid",
              part.location(row, std::to_string(column)));
}

void resolve_matrix(const Part& part, int64_t num_classes, bool skip_invalid,
                    const Execution& execution, ResolvedSets& result) {
  const LabelSetsView& matrix = *part.labels->matrix;
  const LabelsView& first_row = matrix.elements();
  if (first_row.size != num_classes) {
    throw Error(ErrorCode::kInvalidData,
                "the matrix of labels has " + count_of(first_row.size, "column") +
                    " and the probabilities have " + std::to_string(num_classes) +
                    "; both need one for each class",
                {.file = part.file});
  }
  constexpr int64_t kRows = 1 << 12;
  std::vector<uint8_t> invalid(skip_invalid ? static_cast<size_t>(part.rows) : 0);
  std::atomic<bool> any_invalid = false;
  parallel_for((part.rows + kRows - 1) / kRows, execution,
               {.name = "labels", .total = part.rows, .rows_per_piece = kRows},
               [&](int64_t piece, int /*worker*/) {
                 const int64_t end = std::min((piece + 1) * kRows, part.rows);
                 for (int64_t row = piece * kRows; row < end; ++row) {
                   const auto* values =
                       static_cast<const std::byte*>(first_row.data) + row * matrix.row_stride();
                   const bool good = visit_int_type(first_row.type, [&]<class T>(T) {
                     return row_is_good<T>(values, first_row, num_classes);
                   });
                   if (good) continue;
                   if (!skip_invalid) refuse_matrix_row(part, row, values, num_classes);
                   invalid[static_cast<size_t>(row)] = 1;
                   any_invalid = true;
                 }
               });
  if (any_invalid) result.invalid = std::move(invalid);
  if (!part.labels->missing_sets.empty() && !skip_invalid) {
    refuse_missing(part, part.labels->missing_sets);
  }
  for (const int64_t row : part.labels->missing_sets) mark(result.invalid, row, part.rows);
  result.sets = matrix;
  result.owners = {part.labels->owner};
}

}  // namespace

int zero_or_one(std::string_view cell) {
  if (const auto integer = parse_integer(cell)) {
    return *integer == 0 || *integer == 1 ? static_cast<int>(*integer) : -1;
  }
  std::string word(trimmed(cell));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return word == "true" ? 1 : word == "false" ? 0 : -1;
}

ResolvedSets resolve_label_sets(const Part& part, int64_t num_classes,
                                std::vector<std::string> class_names, NameOrigin origin,
                                bool skip_invalid, const Execution& execution) {
  ResolvedSets result;
  result.class_names = std::move(class_names);
  if (part.labels->matrix) {
    // Columns that are merely named by the user name no classes.
    if (origin == NameOrigin::kPlainColumns) result.class_names.clear();
    resolve_matrix(part, num_classes, skip_invalid, execution, result);
  } else {
    resolve_sets(part, num_classes, origin, skip_invalid, execution, result);
  }
  return result;
}

}  // namespace labelsieve::io
