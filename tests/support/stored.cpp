#include "support/stored.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

#include "support/half.h"

namespace test_support {
namespace {

using labelsieve::FloatType;
using labelsieve::IntType;

template <class T>
void put(std::byte* where, T value, bool byte_swapped) {
  std::memcpy(where, &value, sizeof(T));
  if (byte_swapped) std::reverse(where, where + sizeof(T));
}

void put_float(std::byte* where, FloatType type, double value, bool byte_swapped) {
  switch (type) {
    case FloatType::kFloat16: {
      // half_from knows numbers in [0, 1] only; the tests also store invalid ones.
      labelsieve::float16 half = half_from(std::abs(value));
      if (std::isnan(value)) half.bits = 0x7E00;
      if (std::isinf(value)) half.bits = 0x7C00;
      if (std::signbit(value)) half.bits = static_cast<uint16_t>(half.bits | 0x8000U);
      put(where, half.bits, byte_swapped);
      break;
    }
    case FloatType::kFloat32: put(where, static_cast<float>(value), byte_swapped); break;
    case FloatType::kFloat64: put(where, value, byte_swapped); break;
  }
}

void put_int(std::byte* where, IntType type, int64_t value, bool byte_swapped) {
  switch (type) {
    case IntType::kInt8: put(where, static_cast<int8_t>(value), byte_swapped); break;
    case IntType::kInt16: put(where, static_cast<int16_t>(value), byte_swapped); break;
    case IntType::kInt32: put(where, static_cast<int32_t>(value), byte_swapped); break;
    case IntType::kInt64: put(where, value, byte_swapped); break;
    case IntType::kUInt8: put(where, static_cast<uint8_t>(value), byte_swapped); break;
    case IntType::kUInt16: put(where, static_cast<uint16_t>(value), byte_swapped); break;
    case IntType::kUInt32: put(where, static_cast<uint32_t>(value), byte_swapped); break;
    case IntType::kUInt64: put(where, static_cast<uint64_t>(value), byte_swapped); break;
  }
}

}  // namespace

std::string name(Layout layout) {
  switch (layout) {
    case Layout::kRowMajor: return "row_major";
    case Layout::kColumnMajor: return "column_major";
    case Layout::kPaddedRows: return "padded_rows";
    case Layout::kStridedColumns: return "strided_columns";
    case Layout::kReversedRows: return "reversed_rows";
    case Layout::kReversedColumns: return "reversed_columns";
    case Layout::kByteSwapped: return "byte_swapped";
    case Layout::kUnaligned: return "unaligned";
  }
  return "?";
}

StoredMatrix::StoredMatrix(const Data& data, FloatType type, Layout layout) {
  const int64_t width = size_of(type);
  const int64_t rows = data.size();
  const int64_t columns = data.num_classes;
  view_.type = type;
  view_.rows = rows;
  view_.columns = columns;
  view_.column_stride = width;
  view_.row_stride = width * columns;
  int64_t first = 0;  // byte of element (0, 0)
  switch (layout) {
    case Layout::kRowMajor: break;
    case Layout::kColumnMajor:
      view_.row_stride = width;
      view_.column_stride = width * rows;
      break;
    case Layout::kPaddedRows: view_.row_stride = width * (columns + 3); break;
    case Layout::kStridedColumns:
      view_.column_stride = 3 * width;
      view_.row_stride = 3 * width * columns;
      break;
    case Layout::kReversedRows:
      first = view_.row_stride * (rows - 1);
      view_.row_stride = -view_.row_stride;
      break;
    case Layout::kReversedColumns:
      first = view_.column_stride * (columns - 1);
      view_.column_stride = -view_.column_stride;
      break;
    case Layout::kByteSwapped: view_.byte_swapped = true; break;
    case Layout::kUnaligned: first = 1; break;
  }
  const int64_t span = std::abs(view_.row_stride) * rows + std::abs(view_.column_stride) * columns;
  bytes_.assign(static_cast<size_t>(span + width + 8), std::byte{0xFF});
  view_.data = bytes_.data() + first;
  for (int64_t i = 0; i < rows; ++i) {
    for (int64_t k = 0; k < columns; ++k) {
      set(i, k, data.pred_probs[static_cast<size_t>(i)][static_cast<size_t>(k)]);
    }
  }
}

void StoredMatrix::set(int64_t row, int64_t column, double value) {
  const auto offset = static_cast<const std::byte*>(view_.data) - bytes_.data() +
                      row * view_.row_stride + column * view_.column_stride;
  put_float(bytes_.data() + offset, view_.type, value, view_.byte_swapped);
}

StoredLabels::StoredLabels(const std::vector<int64_t>& labels, IntType type, int64_t stride,
                           bool byte_swapped) {
  view_.type = type;
  view_.size = static_cast<int64_t>(labels.size());
  view_.stride = stride * size_of(type);
  view_.byte_swapped = byte_swapped;
  bytes_.assign(labels.size() * static_cast<size_t>(view_.stride) + 8, std::byte{0xFF});
  view_.data = bytes_.data();
  for (size_t i = 0; i < labels.size(); ++i) {
    put_int(bytes_.data() + static_cast<int64_t>(i) * view_.stride, type, labels[i], byte_swapped);
  }
}

}  // namespace test_support
