// How often calibrated predictions favour one class while another is in play.
#pragma once

#include <cstdint>
#include <mutex>
#include <vector>

#include "kernels/for_each_tile.h"
#include "kernels/row_summary_kernel.h"
#include "labelsieve/execution.h"
#include "labelsieve/source.h"

namespace labelsieve {

/// The soft confusion of a calibrated model with itself.
struct SoftConfusion {
  /// K×K, row-major: Σ q(column) over the examples whose argmax is the row.
  std::vector<double> sums;
  int64_t num_examples = 0;  // those that are not ignored
};

/// What adds it up, tile by tile, in a pass over all rows that may serve others too. The sums are
/// of fixed-point numbers, the same for any threads and blocks.
class ConfusionCounter {
 public:
  /// `in_double` asks for the powers in double precision whatever the elements are.
  ConfusionCounter(int64_t num_rows, int64_t num_classes, double temperature, bool in_double);

  /// To be called before the tiles of a block, with the number of workers they are given to.
  /// `odds`, unless null, gets for each example of the block what the largest other probability
  /// over that of the label is at most, or a little more; 0 for ignored ones.
  void start_block(int workers, float* odds);

  /// Adds a tile of the block, with what summarize_tile() said of its rows. Workers do not disturb
  /// each other.
  template <class T>
  void add(const Tile<T>& tile, const RowSummaries& summaries, const Wide<T>* self_confidence);

  /// The confusion of what was added.
  SoftConfusion result(const Execution& execution) const;

 private:
  struct Worker {
    std::vector<uint64_t> sums;
    std::vector<int64_t> counts;
    std::vector<double> powers;  // of a row
    std::vector<float> narrow_powers;
    std::vector<double> rows;  // of a tile, widened
  };

  void reserve(Worker& worker, bool has_sums) const;
  void write_row(int64_t b, uint64_t count, double* out) const;
  template <class T>
  Rows<double> widened(const Tile<T>& tile);
  template <class R>
  void add_rows(const Rows<R>& rows, const int32_t* labels, const uint16_t* argmax, Worker& worker);

  int64_t columns_;
  double temperature_;
  bool in_double_;
  int shift_;
  float* odds_ = nullptr;          // of the block's examples
  std::vector<std::mutex> locks_;  // of the first worker's sums, which all use where K is large
  std::vector<Worker> workers_;
};

/// A pass for it alone. Throws Error{kInvalidData} for invalid labels or probabilities.
void count_confusion(Source& source, const Execution& execution, ConfusionCounter& counter);

}  // namespace labelsieve
