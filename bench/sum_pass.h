// The yardstick: a pass over a matrix that does nothing but add its elements up.
#pragma once

#include <span>

namespace labelsieve_bench {

/// The sum of `values` on `num_threads` threads, started for this call as the library starts its
/// own. Limited by memory alone: each thread keeps enough independent sums that no addition waits
/// for another. The last digits depend on the instruction set; nobody looks at them.
double sum_pass(std::span<const float> values, int num_threads);

}  // namespace labelsieve_bench
