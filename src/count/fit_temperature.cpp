#include "count/fit_temperature.h"

#include <algorithm>
#include <cmath>
#include <span>
#include <vector>

#include "base/huge_pages.h"
#include "base/parallel.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/temperature_kernel.h"
#include "labelsieve/auto_model.h"

namespace labelsieve {
namespace {

/// Sebastiano Vigna's splitmix64: a fixed, well mixed number for each j.
uint64_t mixed(uint64_t j) {
  uint64_t z = (j + 1) * 0x9e3779b97f4a7c15u;
  z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
  z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
  return z ^ (z >> 31);
}

/// Ascending rows of the sample: one from each of as many stretches of equal length, so that data
/// sorted by class are sampled evenly, at a mixed place, so that no period in them is met.
std::vector<int64_t> sampled_rows(int64_t num_rows, int64_t num_classes) {
  const int64_t count = num_temperature_rows(num_rows, num_classes);
  std::vector<int64_t> rows(static_cast<size_t>(count));
  int64_t begin = 0;
  for (int64_t j = 0; j < count; ++j) {
    const int64_t end = (j + 1) * num_rows / count;  // of some thousand rows: no overflow
    rows[static_cast<size_t>(j)] = begin + static_cast<int64_t>(mixed(static_cast<uint64_t>(j)) %
                                                                static_cast<uint64_t>(end - begin));
    begin = end;
  }
  return rows;
}

/// The sample in memory: logarithms of the probabilities, and labels; without ignored examples.
class TemperatureSample {
 public:
  TemperatureSample(Source& source, int64_t num_rows, const Execution& execution)
      : columns_(source.num_classes()), execution_(execution) {
    const std::vector<int64_t> rows = sampled_rows(num_rows, columns_);
    labels_.resize(rows.size());
    reserve_huge_pages(logs_, rows.size() * static_cast<size_t>(PaddedRows::stride_of(columns_)));
    logs_.resize(rows.size() * static_cast<size_t>(PaddedRows::stride_of(columns_)));
    read(source, rows);
    leave_out_ignored();
  }

  /// Added up chunk by chunk, in the order of the examples.
  LikelihoodSlopes slopes(double temperature) {
    const auto size = static_cast<int64_t>(labels_.size());
    const int64_t chunks = (size + kChunk - 1) / kChunk;
    std::vector<LikelihoodSlopes> parts(static_cast<size_t>(chunks));
    const Execution silent{.num_threads = execution_.num_threads, .progress = {}};
    parallel_for(chunks, silent, {"temperature", 0, size, kChunk}, [&](int64_t chunk, int) {
      const int64_t first = chunk * kChunk;
      parts[static_cast<size_t>(chunk)] = likelihood_slopes(
          rows(first, std::min(kChunk, size - first)), labels_.data() + first, temperature);
    });
    LikelihoodSlopes sum;
    for (const LikelihoodSlopes& part : parts) {
      sum.gradient += part.gradient;
      sum.curvature += part.curvature;
    }
    return sum;
  }

 private:
  static constexpr int64_t kChunk = 256;
  static constexpr int64_t kAhead = 8;

  PaddedRows rows(int64_t first, int64_t count) {
    return {logs_.data() + first * PaddedRows::stride_of(columns_), count, columns_};
  }

  void read(Source& source, std::span<const int64_t> wanted) {
    std::vector<uint32_t> positions;
    size_t next = 0;
    source.reset();
    for (Block block; next < wanted.size() && source.next(block);) {
      const auto begin = static_cast<int64_t>(next);
      positions.clear();
      for (; next < wanted.size() && wanted[next] < block.first_row + block.pred_probs.rows;
           ++next) {
        positions.push_back(static_cast<uint32_t>(wanted[next] - block.first_row));
      }
      if (positions.empty()) continue;
      visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
        for_each_tile<T>(block, positions, execution_, "temperature", source.num_rows(),
                         [&](const Tile<T>& tile) {
                           read_tile(tile, begin, wanted.subspan(static_cast<size_t>(begin)));
                         });
      });
    }
  }

  /// `dataset_rows` are the indices of the block's wanted rows.
  template <class T>
  void read_tile(const Tile<T>& tile, int64_t begin, std::span<const int64_t> dataset_rows) {
    const ProbabilityBounds<Wide<T>> bounds;
    const PaddedRows out = rows(begin + tile.first, tile.rows.count);
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      // The rows lie far apart.
      if (i + kAhead < tile.rows.count) __builtin_prefetch(tile.rows.row(i + kAhead));
      labels_[static_cast<size_t>(begin + tile.first + i)] = tile.labels[i];
      if (tile.labels[i] == kIgnored) {
        std::fill_n(out.row(i), columns_, 1.0);
        continue;
      }
      const T* row = tile.rows.row(i);
      bool valid = true;
      for (int64_t k = 0; k < columns_; ++k) {
        const Wide<T> p = widen(row[k]);
        valid = valid && bounds.contain(p);
        out.row(i)[k] = static_cast<double>(p);
      }
      if (!valid) {
        refuse_row(row, columns_, dataset_rows[static_cast<size_t>(tile.first + i)]);
      }
    }
    log_ratios(out, kAutoProbabilityFloor);
  }

  void leave_out_ignored() {
    const int64_t stride = PaddedRows::stride_of(columns_);
    size_t kept = 0;
    for (size_t i = 0; i < labels_.size(); ++i) {
      if (labels_[i] == kIgnored) continue;
      if (kept != i) {
        labels_[kept] = labels_[i];
        std::copy_n(logs_.data() + static_cast<int64_t>(i) * stride, stride,
                    logs_.data() + static_cast<int64_t>(kept) * stride);
      }
      ++kept;
    }
    labels_.resize(kept);
  }

  int64_t columns_;
  const Execution& execution_;
  std::vector<int32_t> labels_;
  std::vector<double> logs_;  // padded rows
};

}  // namespace

int64_t num_temperature_rows(int64_t num_rows, int64_t num_classes) {
  if (num_rows <= kAutoFitRows && num_rows <= kAutoFitElements / num_classes) return num_rows;
  // One number is fitted: some thousands of examples give it to a few parts in a thousand.
  constexpr int64_t kMinRows = 1024;
  constexpr int64_t kMaxRows = int64_t{1} << 14;
  return std::min(num_rows, std::clamp(kAutoFitElements / (2 * num_classes), kMinRows, kMaxRows));
}

double fit_temperature(Source& source, int64_t num_rows, const Execution& execution) {
  constexpr int kMaxSteps = 25;
  // Newton's steps converge so fast that a subsample's own error is passed long before.
  const double precision =
      num_temperature_rows(num_rows, source.num_classes()) == num_rows ? 1e-4 : 1e-3;
  TemperatureSample sample(source, num_rows, execution);
  double beta = 1;
  for (int step = 0; step < kMaxSteps; ++step) {
    const LikelihoodSlopes slopes = sample.slopes(beta);
    // No step more than doubles or halves: far from the maximum Newton's step is no guide.
    const double newton = slopes.gradient / std::max(slopes.curvature, 1e-12);
    const double next = std::clamp(beta + std::clamp(newton, -0.5 * beta, beta), 0.05, 20.0);
    if (std::abs(next - beta) < precision * beta) return next;
    beta = next;
  }
  return beta;
}

}  // namespace labelsieve
