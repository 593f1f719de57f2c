// The same numbers laid out in memory in every way that a view can describe.
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "labelsieve/labels.h"
#include "labelsieve/matrix.h"
#include "support/data.h"

namespace test_support {

enum class Layout {
  kRowMajor,
  kColumnMajor,
  kPaddedRows,      ///< Rows further apart than their elements.
  kStridedColumns,  ///< Gaps between the elements of a row.
  kReversedRows,    ///< The last row first in memory: a negative stride.
  kReversedColumns,
  kByteSwapped,
  kUnaligned,  ///< One byte off.
};

inline constexpr Layout kAllLayouts[] = {
    Layout::kRowMajor,     Layout::kColumnMajor,     Layout::kPaddedRows,  Layout::kStridedColumns,
    Layout::kReversedRows, Layout::kReversedColumns, Layout::kByteSwapped, Layout::kUnaligned};

std::string name(Layout layout);

/// Probabilities in memory. The gaps hold NaN, so that reading them shows.
class StoredMatrix {
 public:
  StoredMatrix(const Data& data, labelsieve::FloatType type, Layout layout);
  explicit StoredMatrix(const Data& data, Layout layout = Layout::kRowMajor)
      : StoredMatrix(data, data.type, layout) {}

  const labelsieve::MatrixView& view() const { return view_; }

  /// Overwrites one element.
  void set(int64_t row, int64_t column, double value);

 private:
  std::vector<std::byte> bytes_;
  labelsieve::MatrixView view_;
};

/// Labels in memory.
class StoredLabels {
 public:
  /// With `stride` elements from one label to the next.
  StoredLabels(const std::vector<int64_t>& labels, labelsieve::IntType type, int64_t stride = 1,
               bool byte_swapped = false);

  const labelsieve::LabelsView& view() const { return view_; }

 private:
  std::vector<std::byte> bytes_;
  labelsieve::LabelsView view_;
};

}  // namespace test_support
