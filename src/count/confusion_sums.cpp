#include "count/confusion_sums.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <numeric>
#include <type_traits>

#include "base/huge_pages.h"
#include "count/tile_summary.h"
#include "kernels/confusion_kernel.h"
#include "kernels/for_each_tile.h"
#include "kernels/odds_kernel.h"

namespace labelsieve {
namespace {

/// Up to this many classes every worker has sums of its own; beyond they would not fit its cache,
/// and rows are long enough for a lock each.
constexpr int64_t kMaxOwnColumns = 128;
constexpr size_t kMaxLocks = 1024;

}  // namespace

ConfusionCounter::ConfusionCounter(int64_t num_rows, int64_t num_classes, double temperature,
                                   bool in_double)
    : columns_(num_classes),
      temperature_(temperature),
      in_double_(in_double),
      // No sum of num_rows fixed-point numbers of at most 1 reaches 2^62.
      shift_(std::min(50, 62 - static_cast<int>(std::bit_width(static_cast<uint64_t>(num_rows))))),
      locks_(columns_ > kMaxOwnColumns ? std::min(static_cast<size_t>(columns_), kMaxLocks) : 0) {}

void ConfusionCounter::start_block(int workers, float* odds) {
  odds_ = odds;
  workers_.resize(std::max(workers_.size(), static_cast<size_t>(workers)));
  for (size_t w = 0; w < workers_.size(); ++w) reserve(workers_[w], w == 0 || locks_.empty());
}

void ConfusionCounter::reserve(Worker& worker, bool has_sums) const {
  const int64_t padded = padded_columns(columns_);
  worker.counts.resize(static_cast<size_t>(columns_));
  worker.powers.resize(static_cast<size_t>(padded));
  worker.narrow_powers.resize(static_cast<size_t>(padded));
  if (has_sums && worker.sums.empty()) {
    reserve_huge_pages(worker.sums, static_cast<size_t>(columns_ * padded));
    worker.sums.resize(static_cast<size_t>(columns_ * padded));
  }
}

template <class T>
void ConfusionCounter::add(const Tile<T>& tile, const RowSummaries& summaries,
                           const Wide<T>* self_confidence) {
  Worker& worker = workers_[static_cast<size_t>(tile.worker)];
  if (in_double_) {
    add_rows(widened(tile), tile.labels, summaries.argmax, worker);
  } else {
    add_rows(tile.rows, tile.labels, summaries.argmax, worker);
  }
  if (odds_ == nullptr) return;
  write_most_odds(summaries, self_confidence, tile.labels, tile.rows.count, odds_ + tile.first);
}

template void ConfusionCounter::add(const Tile<float16>&, const RowSummaries&, const float*);
template void ConfusionCounter::add(const Tile<float>&, const RowSummaries&, const float*);
template void ConfusionCounter::add(const Tile<double>&, const RowSummaries&, const double*);

template <class T>
Rows<double> ConfusionCounter::widened(const Tile<T>& tile) {
  std::vector<double>& rows = workers_[static_cast<size_t>(tile.worker)].rows;
  rows.resize(static_cast<size_t>(tile.rows.count * columns_));
  for (int64_t i = 0; i < tile.rows.count; ++i) {
    const T* row = tile.rows.row(i);
    std::transform(row, row + columns_, rows.data() + i * columns_,
                   [](T p) { return static_cast<double>(widen(p)); });
  }
  return {rows.data(), columns_, tile.rows.count, columns_, nullptr};
}

template <class R>
void ConfusionCounter::add_rows(const Rows<R>& rows, const int32_t* labels, const uint16_t* argmax,
                                Worker& worker) {
  ConfusionSums sums{worker.sums.data(), worker.counts.data(), shift_, nullptr, 1};
  if (!locks_.empty()) {
    sums.sums = workers_.front().sums.data();
    sums.locks = locks_.data();
    sums.num_locks = static_cast<int64_t>(locks_.size());
  }
  if constexpr (std::is_same_v<R, double>) {
    add_tempered_rows(rows, labels, argmax, temperature_, sums, worker.powers.data());
  } else {
    add_tempered_rows(rows, labels, argmax, temperature_, sums, worker.narrow_powers.data());
  }
}

SoftConfusion ConfusionCounter::result(const Execution& execution) const {
  SoftConfusion confusion;
  reserve_huge_pages(confusion.sums, static_cast<size_t>(columns_ * columns_));
  confusion.sums.resize(static_cast<size_t>(columns_ * columns_));
  std::vector<int64_t> counts(static_cast<size_t>(columns_));
  for (const Worker& worker : workers_) {
    for (size_t b = 0; b < counts.size(); ++b) counts[b] += worker.counts[b];
  }
  confusion.num_examples = std::accumulate(counts.begin(), counts.end(), int64_t{0});
  const Execution silent{.num_threads = execution.num_threads, .progress = {}};
  parallel_for(columns_, silent, {"calibration", 0, columns_, 1}, [&](int64_t b, int) {
    write_row(b, static_cast<uint64_t>(counts[static_cast<size_t>(b)]),
              confusion.sums.data() + b * columns_);
  });
  return confusion;
}

/// The sums of all workers without the offsets, as numbers.
void ConfusionCounter::write_row(int64_t b, uint64_t count, double* out) const {
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

void count_confusion(Source& source, const Execution& execution, ConfusionCounter& counter) {
  source.reset();
  for (Block block; source.next(block);) {
    const int workers = tile_workers(block, execution);
    counter.start_block(workers, nullptr);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<TileSummary<Wide<T>>> summaries(
          static_cast<size_t>(workers), TileSummary<Wide<T>>(tile_rows(block.pred_probs)));
      for_each_tile<T>(
          block, execution, "calibration", source.num_rows(), [&](const Tile<T>& tile) {
            TileSummary<Wide<T>>& summary = summaries[static_cast<size_t>(tile.worker)];
            summary.summarize(tile, block.first_row);
            counter.add(tile, summary.rows(), summary.findings().self_confidence);
          });
    });
  }
}

}  // namespace labelsieve
