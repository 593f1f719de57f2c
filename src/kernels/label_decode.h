// Labels of any integer width become int32 class indices, checked.
#pragma once

#include <cstdint>
#include <span>

#include "labelsieve/labels.h"

namespace labelsieve {

/// What an ignored label decodes to.
inline constexpr int32_t kIgnored = -1;

/// Decodes labels [first, first + count) of the view into `out`. `first_row` is the dataset index
/// of the view's first label, for errors. Throws Error{kInvalidData} for a label outside
/// 0..num_classes-1 that is not the view's ignore_label.
void decode_labels(const LabelsView& labels, int64_t first, int64_t count, int64_t num_classes,
                   int64_t first_row, int32_t* out);

/// The same for the labels of some rows.
void decode_labels(const LabelsView& labels, std::span<const uint32_t> rows, int64_t num_classes,
                   int64_t first_row, int32_t* out);

}  // namespace labelsieve
