#include "kernels/refuse_row.h"

#include <cmath>
#include <cstdio>
#include <string>

#include "kernels/bounds.h"
#include "labelsieve/error.h"

namespace labelsieve {

template <class T>
void refuse_row(const T* row, int64_t columns, int64_t row_index, const char* activation) {
  const ProbabilityBounds<Wide<T>> bounds;
  int64_t column = 0;
  while (column + 1 < columns && bounds.contain(widen(row[column]))) ++column;
  const auto value = static_cast<double>(widen(row[column]));
  char text[32];
  std::snprintf(text, sizeof text, "%.9g", value);
  std::string message;
  if (std::isnan(value)) {
    message = "the probability is NaN; correct it or leave such rows out (--skip-invalid)";
  } else if (std::isinf(value)) {
    message = "the probability is infinite; correct it or leave such rows out (--skip-invalid)";
  } else {
    message = std::string(text) + " is not a probability in [0, 1]; if these are logits, apply a " +
              activation +
              " first (--logits), else correct it or leave such rows out (--skip-invalid)";
  }
  throw Error(ErrorCode::kInvalidData, message,
              {.file = {}, .line = -1, .row = row_index, .column = std::to_string(column)});
}

template void refuse_row(const float16*, int64_t, int64_t, const char*);
template void refuse_row(const float*, int64_t, int64_t, const char*);
template void refuse_row(const double*, int64_t, int64_t, const char*);

}  // namespace labelsieve
