#include "sum_pass.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdint>
#include <thread>
#include <vector>

namespace labelsieve_bench {
namespace {

/// What a thread takes at a time: small enough that a thread that is held up costs little, large
/// enough that handing out costs nothing.
constexpr size_t kPiece = size_t{1} << 17;

/// Independent sums: eight vectors of the widest instruction set.
constexpr size_t kSums = 128;

// The widest instruction set of the machine is chosen when the program starts.
__attribute__((target_clones("avx512f", "avx2", "default"))) float sum_piece(const float* values,
                                                                             size_t count) {
  std::array<float, kSums> sums{};
  size_t i = 0;
  for (; i + kSums <= count; i += kSums) {
    for (size_t lane = 0; lane < kSums; ++lane) sums[lane] += values[i + lane];
  }
  float total = 0;
  for (; i < count; ++i) total += values[i];
  for (const float sum : sums) total += sum;
  return total;
}

}  // namespace

double sum_pass(std::span<const float> values, int num_threads) {
  std::atomic<size_t> next{0};
  std::vector<double> totals(static_cast<size_t>(num_threads));
  const auto work = [&](size_t worker) {
    double total = 0;
    for (;;) {
      const size_t begin = next.fetch_add(kPiece, std::memory_order_relaxed);
      if (begin >= values.size()) break;
      total += static_cast<double>(
          sum_piece(values.data() + begin, std::min(kPiece, values.size() - begin)));
    }
    totals[worker] = total;
  };
  {
    std::vector<std::jthread> threads;
    for (size_t worker = 1; worker < totals.size(); ++worker) threads.emplace_back(work, worker);
    work(0);
  }
  double sum = 0;
  for (const double total : totals) sum += total;
  return sum;
}

}  // namespace labelsieve_bench
