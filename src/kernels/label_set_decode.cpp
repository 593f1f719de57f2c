#include "kernels/label_set_decode.h"

#include <cstddef>
#include <cstring>
#include <string>

#include "kernels/read_element.h"
#include "labelsieve/error.h"

namespace labelsieve {
namespace {

[[noreturn]] void refuse(const std::string& message, int64_t row, const std::string& column = {}) {
  throw Error(ErrorCode::kInvalidData, message,
              {.file = {}, .line = -1, .row = row, .column = column});
}

/// Offset `position`; one that is no int64 comes out negative.
inline int64_t offset_at(const LabelsView& offsets, int64_t position) {
  const auto* source = static_cast<const std::byte*>(offsets.data) + position * offsets.stride;
  if (offsets.type == IntType::kInt64 && !offsets.byte_swapped) [[likely]] {
    return read_element<int64_t>(source, false);
  }
  return visit_int_type(offsets.type, [&]<class T>(T) {
    return static_cast<int64_t>(read_element<T>(source, offsets.byte_swapped));
  });
}

template <class T>
void decode_set(const LabelsView& classes, int64_t begin, int64_t end, int64_t num_classes,
                int64_t row, uint8_t* out) {
  const auto* source = static_cast<const std::byte*>(classes.data) + begin * classes.stride;
  for (int64_t e = begin; e < end; ++e, source += classes.stride) {
    const T label = read_element<T>(source, classes.byte_swapped);
    // As unsigned, negative labels are out of range too.
    if (static_cast<uint64_t>(label) >= static_cast<uint64_t>(num_classes)) [[unlikely]] {
      refuse("class " + std::to_string(label) + " is not among the classes 0.." +
                 std::to_string(num_classes - 1) + " that the probabilities have columns for",
             row);
    }
    out[label] = 1;
  }
}

template <class T>
void decode_matrix_row(const LabelsView& first_row, int64_t offset, int64_t num_classes,
                       int64_t row, uint8_t* out) {
  const auto* start = static_cast<const std::byte*>(first_row.data) + offset;
  bool valid = true;
  if (first_row.stride == static_cast<int64_t>(sizeof(T)) && !first_row.byte_swapped) {
    for (int64_t k = 0; k < num_classes; ++k) {
      T value;
      std::memcpy(&value, start + k * static_cast<int64_t>(sizeof(T)), sizeof(T));
      valid &= (value == 0) | (value == 1);
      out[k] = static_cast<uint8_t>(value);
    }
  } else {
    for (int64_t k = 0; k < num_classes; ++k) {
      const T value = read_element<T>(start + k * first_row.stride, first_row.byte_swapped);
      valid &= (value == 0) | (value == 1);
      out[k] = static_cast<uint8_t>(value);
    }
  }
  if (valid) return;
  for (int64_t k = 0;; ++k) {
    const T value = read_element<T>(start + k * first_row.stride, first_row.byte_swapped);
    if (value == 0 || value == 1) continue;
    refuse(std::to_string(value) +
               " stands in the label matrix; write 1 where an example has a class and 0 where it "
               "has not",
           row, std::to_string(k));
  }
}

template <class T>
void decode(const LabelSetsView& sets, int64_t first, const uint32_t* positions, int64_t count,
            int64_t num_classes, int64_t first_row, uint8_t* out) {
  if (sets.layout() == LabelSetLayout::kSets) {
    std::memset(out, 0, static_cast<size_t>(count * num_classes));
  }
  for (int64_t i = 0; i < count; ++i, out += num_classes) {
    const int64_t at = first + (positions != nullptr ? static_cast<int64_t>(positions[i]) : i);
    if (sets.layout() == LabelSetLayout::kMatrix) {
      decode_matrix_row<T>(sets.elements(), at * sets.row_stride(), num_classes, first_row + at,
                           out);
      continue;
    }
    const int64_t begin = offset_at(sets.offsets(), at);
    const int64_t end = offset_at(sets.offsets(), at + 1);
    if (begin < 0 || end < begin || end > sets.elements().size) {
      refuse("the label set goes from offset " + std::to_string(begin) + " to " +
                 std::to_string(end) + ", but there are " + std::to_string(sets.elements().size) +
                 " labels; offsets must ascend from 0 to their number",
             first_row + at);
    }
    decode_set<T>(sets.elements(), begin, end, num_classes, first_row + at, out);
  }
}

}  // namespace

void decode_label_sets(const LabelSetsView& sets, int64_t first, const uint32_t* positions,
                       int64_t count, int64_t num_classes, int64_t first_row, uint8_t* out) {
  visit_int_type(sets.elements().type, [&]<class T>(T) {
    decode<T>(sets, first, positions, count, num_classes, first_row, out);
  });
}

}  // namespace labelsieve
