// The error for a row that holds something else than probabilities.
#pragma once

#include <cstdint>

#include "kernels/rows.h"

namespace labelsieve {

/// Throws the Error for the first invalid probability of a row. `row` points at `columns`
/// elements, `row_index` is its index in the dataset.
template <class T>
[[noreturn]] void refuse_row(const T* row, int64_t columns, int64_t row_index);

extern template void refuse_row(const float16*, int64_t, int64_t);
extern template void refuse_row(const float*, int64_t, int64_t);
extern template void refuse_row(const double*, int64_t, int64_t);

}  // namespace labelsieve
