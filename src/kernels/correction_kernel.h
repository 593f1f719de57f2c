// The logarithms and exponentials between a soft confusion and the corrections made of it.
#pragma once

#include <cstdint>

namespace labelsieve {

/// values[k] = ln(values[k] + pseudo) - own. The sums must be positive.
void to_log_ratios(double* values, int64_t count, double pseudo, double own);

/// factors[k] = e^(corrections[k] / temperature), the exponent kept within ±700.
void write_factors(const double* corrections, int64_t count, double temperature, double* factors);

}  // namespace labelsieve
