// Label sets of any layout and integer width become rows of 0/1 bytes, checked.
#pragma once

#include <cstdint>

#include "labelsieve/multilabel_source.h"

namespace labelsieve {

/// Decodes `count` sets into rows of `num_classes` bytes: those at first + positions[i], or at
/// first + i where `positions` is null. `first_row` is the dataset index of the view's first set,
/// for errors. Throws Error{kInvalidData} for a class outside 0..num_classes-1, a matrix element
/// other than 0 and 1, and offsets that descend or leave the view.
void decode_label_sets(const LabelSetsView& sets, int64_t first, const uint32_t* positions,
                       int64_t count, int64_t num_classes, int64_t first_row, uint8_t* out);

}  // namespace labelsieve
