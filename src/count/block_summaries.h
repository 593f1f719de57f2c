// What one pass keeps of a block for the next.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <span>

#include "base/huge_pages.h"
#include "kernels/for_each_tile.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// The summaries of a block's rows but for their flags, and the labels: decoded and in one or two
/// bytes they are read faster than in the source. With more classes than that holds they stay
/// there.
class BlockSummaries {
 public:
  /// With so many bytes of memory for others, spare().
  BlockSummaries(int64_t rows, int64_t num_classes, int64_t spare_bytes)
      : rows_(rows),
        label_bytes_(num_classes <= kMaxClassesInByte     ? 1
                     : num_classes <= kMaxClassesIn16Bits ? 2
                                                          : 0) {
    memory_ = HugePages(static_cast<size_t>(spare_begin() + spare_bytes));
    spare_ = {memory_.data() + spare_begin(), static_cast<size_t>(spare_bytes)};
  }

  int64_t rows() const { return rows_; }

  RowSummaries with_flags(uint8_t* flags) const {
    return {codes(0), codes(1), reinterpret_cast<uint8_t*>(end_of_codes() + label_bytes_ * rows_),
            flags};
  }

  /// An ignored example is told by its flags.
  template <class T>
  void keep_labels(const Tile<T>& tile) {
    if (label_bytes_ == 1) {
      keep_labels(tile, reinterpret_cast<uint8_t*>(end_of_codes()));
    } else if (label_bytes_ == 2) {
      keep_labels(tile, codes(2));
    }
  }

  /// The block with the labels that were kept.
  Block with_labels(Block block) const {
    if (label_bytes_ == 1) {
      block.labels = {reinterpret_cast<const uint8_t*>(end_of_codes()), rows_};
    } else if (label_bytes_ == 2) {
      block.labels = {codes(2), rows_};
    }
    return block;
  }

  /// Memory that lives as long as the summaries do, fit for numbers of 8 bytes. One allocation
  /// for all that is kept of the rows: memory that was larger than half of what is freed after it,
  /// glibc keeps for the next time, and it does not have to be cleared again.
  std::span<std::byte> spare() const { return spare_; }

  /// The spare memory as one number for each row.
  float* odds() const { return reinterpret_cast<float*>(spare_.data()); }
  static int64_t odds_bytes(int64_t rows) { return rows * static_cast<int64_t>(sizeof(float)); }

  /// What was kept is not needed any more.
  void clear() {
    memory_ = {};
    spare_ = {};
  }

 private:
  static constexpr int64_t kMaxClassesInByte = int64_t{1} << 8;
  static constexpr int64_t kMaxClassesIn16Bits = int64_t{1} << 16;
  static constexpr int64_t kSummaryBytes = 5;  // of a row, without its flags

  template <class T, class Label>
  static void keep_labels(const Tile<T>& tile, Label* labels) {
    // Bytes that are written may be any variable, for all the compiler knows, but not its own
    // copies.
    const int32_t* const from = tile.labels;
    Label* const to = labels + tile.first;
    const int64_t count = tile.rows.count;
    for (int64_t i = 0; i < count; ++i) to[i] = static_cast<Label>(std::max(from[i], 0));
  }

  uint16_t* codes(int64_t column) const {
    return reinterpret_cast<uint16_t*>(memory_.data()) + column * rows_;
  }
  std::byte* end_of_codes() const { return reinterpret_cast<std::byte*>(codes(2)); }

  int64_t spare_begin() const {
    const int64_t bytes = rows_ * (kSummaryBytes + label_bytes_);
    return (bytes + 7) / 8 * 8;
  }

  int64_t rows_;
  int64_t label_bytes_;
  HugePages memory_;  // maxima, argmaxes, labels, runners-up; spare
  std::span<std::byte> spare_;
};

}  // namespace labelsieve
