// The error for a row that holds something else than probabilities.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// Throws the Error for the first invalid probability of a row. `row` points at `columns`
/// elements, `row_index` is its index in the dataset; `activation` turns logits into probabilities
/// in the task at hand.
template <class T>
[[noreturn]] void refuse_row(const T* row, int64_t columns, int64_t row_index,
                             const char* activation = "softmax");

extern template void refuse_row(const float16*, int64_t, int64_t, const char*);
extern template void refuse_row(const float*, int64_t, int64_t, const char*);
extern template void refuse_row(const double*, int64_t, int64_t, const char*);

}  // namespace labelsieve
