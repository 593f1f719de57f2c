#include "count/confusion_sums.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <mutex>
#include <numeric>
#include <type_traits>

#include "base/huge_pages.h"
#include "kernels/confusion_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"

namespace labelsieve {
namespace {

/// Up to this many classes every worker has sums of its own; beyond they would not fit its cache,
/// and rows are long enough for a lock each.
constexpr int64_t kMaxOwnColumns = 128;
constexpr size_t kMaxLocks = 1024;

class ConfusionCounter {
 public:
  ConfusionCounter(Source& source, int64_t num_rows, const Execution& execution)
      : source_(source),
        num_rows_(num_rows),
        columns_(source.num_classes()),
        execution_(execution),
        // No sum of num_rows fixed-point numbers of at most 1 reaches 2^62.
        shift_(
            std::min(50, 62 - static_cast<int>(std::bit_width(static_cast<uint64_t>(num_rows))))),
        locks_(columns_ > kMaxOwnColumns ? std::min(static_cast<size_t>(columns_), kMaxLocks) : 0) {
  }

  void add_all(double temperature, bool in_double, std::vector<float>* odds) {
    if (odds != nullptr) reserve_huge_pages(*odds, static_cast<size_t>(num_rows_));
    source_.reset();
    for (Block block; source_.next(block);) {
      const auto workers = static_cast<size_t>(tile_workers(block, execution_));
      workers_.resize(std::max(workers_.size(), workers));
      for (size_t w = 0; w < workers_.size(); ++w) reserve(workers_[w], w == 0 || locks_.empty());
      if (odds != nullptr) {
        odds->resize(static_cast<size_t>(block.first_row + block.pred_probs.rows));
      }
      float* block_odds = odds == nullptr ? nullptr : odds->data() + block.first_row;
      visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
        for_each_tile<T>(block, execution_, "calibration", source_.num_rows(),
                         [&](const Tile<T>& tile) {
                           if (in_double) {
                             add(tile, widened(tile), temperature, block_odds, block.first_row);
                           } else {
                             add(tile, tile.rows, temperature, block_odds, block.first_row);
                           }
                         });
      });
    }
  }

  SoftConfusion result() {
    SoftConfusion confusion;
    reserve_huge_pages(confusion.sums, static_cast<size_t>(columns_ * columns_));
    confusion.sums.resize(static_cast<size_t>(columns_ * columns_));
    std::vector<int64_t> counts(static_cast<size_t>(columns_));
    for (const Worker& worker : workers_) {
      for (size_t b = 0; b < counts.size(); ++b) counts[b] += worker.counts[b];
    }
    confusion.num_examples = std::accumulate(counts.begin(), counts.end(), int64_t{0});
    const Execution silent{.num_threads = execution_.num_threads, .progress = {}};
    parallel_for(columns_, silent, {"calibration", 0, columns_, 1}, [&](int64_t b, int) {
      write_row(b, static_cast<uint64_t>(counts[static_cast<size_t>(b)]),
                confusion.sums.data() + b * columns_);
    });
    return confusion;
  }

 private:
  struct Worker {
    std::vector<uint64_t> sums;
    std::vector<int64_t> counts;
    std::vector<double> powers;  // of a row
    std::vector<float> narrow_powers;
    std::vector<double> rows;  // of a tile, widened
    std::vector<float> odds;   // of a tile, where nobody wants them
  };

  void reserve(Worker& worker, bool has_sums) const {
    const int64_t padded = padded_columns(columns_);
    worker.counts.resize(static_cast<size_t>(columns_));
    worker.powers.resize(static_cast<size_t>(padded));
    worker.narrow_powers.resize(static_cast<size_t>(padded));
    if (has_sums && worker.sums.empty()) {
      reserve_huge_pages(worker.sums, static_cast<size_t>(columns_ * padded));
      worker.sums.resize(static_cast<size_t>(columns_ * padded));
    }
  }

  /// The sums of all workers without the offsets, as numbers.
  void write_row(int64_t b, uint64_t count, double* out) const {
    constexpr auto kOffset = std::bit_cast<uint64_t>(kFixedPointOffset);
    const double unit = std::ldexp(1.0, -shift_);
    for (int64_t a = 0; a < columns_; ++a) {
      uint64_t sum = 0;
      for (const Worker& worker : workers_) {
        if (!worker.sums.empty()) sum += worker.sums[b * padded_columns(columns_) + a];
      }
      out[a] = static_cast<double>(static_cast<int64_t>(sum - count * kOffset)) * unit;
    }
  }

  template <class T>
  Rows<double> widened(const Tile<T>& tile) {
    std::vector<double>& rows = workers_[static_cast<size_t>(tile.worker)].rows;
    rows.resize(static_cast<size_t>(tile.rows.count * columns_));
    for (int64_t i = 0; i < tile.rows.count; ++i) {
      const T* row = tile.rows.row(i);
      std::transform(row, row + columns_, rows.data() + i * columns_,
                     [](T p) { return static_cast<double>(widen(p)); });
    }
    return {rows.data(), columns_, tile.rows.count, columns_, nullptr};
  }

  /// `rows` are those of the tile, in the precision to work in.
  template <class T, class R>
  void add(const Tile<T>& tile, const Rows<R>& rows, double temperature, float* block_odds,
           int64_t first_row) {
    Worker& worker = workers_[static_cast<size_t>(tile.worker)];
    if (block_odds == nullptr) worker.odds.resize(static_cast<size_t>(rows.count));
    ConfusionSums sums{worker.sums.data(), worker.counts.data(), shift_, nullptr, 1};
    if (!locks_.empty()) {
      sums.sums = workers_.front().sums.data();
      sums.locks = locks_.data();
      sums.num_locks = static_cast<int64_t>(locks_.size());
    }
    float* odds = block_odds == nullptr ? worker.odds.data() : block_odds + tile.first;
    int64_t invalid = -1;
    if constexpr (std::is_same_v<R, double>) {
      invalid = add_tempered_rows(rows, tile.labels, temperature, sums, worker.powers.data(), odds);
    } else {
      invalid = add_tempered_rows(rows, tile.labels, temperature, sums, worker.narrow_powers.data(),
                                  odds);
    }
    if (invalid >= 0) {
      refuse_row(tile.rows.row(invalid), columns_, first_row + tile.first + invalid);
    }
  }

  Source& source_;
  int64_t num_rows_;
  int64_t columns_;
  const Execution& execution_;
  int shift_;
  std::vector<std::mutex> locks_;  // of the first worker's sums, which all use where K is large
  std::vector<Worker> workers_;
};

}  // namespace

SoftConfusion sum_confusion(Source& source, int64_t num_rows, double temperature, bool in_double,
                            const Execution& execution, std::vector<float>* odds) {
  ConfusionCounter counter(source, num_rows, execution);
  counter.add_all(temperature, in_double, odds);
  return counter.result();
}

}  // namespace labelsieve
