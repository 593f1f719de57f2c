// The margins by which other classes beat the given labels, kept while their rows are at hand.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <type_traits>
#include <vector>

#include "base/huge_pages.h"
#include "kernels/bounds.h"
#include "kernels/for_each_tile.h"
#include "kernels/margin_kernel.h"

namespace labelsieve {

/// Margins above it exist only in rows that disagree with their label.
inline constexpr double kLargeMargin = 2 * kProbabilityTolerance;

/// All margins above kLargeMargin, with how many there are in each interval; or none, where there
/// are more than kMaxMarginColumns classes, or those that a worker has seen take more than
/// kBytesPerRow bytes for each of its examples and the memory that it was given. With few classes,
/// going back to the rows is one more pass over all memory, which they save; with many classes
/// there are many margins, and the rows that have them are a small part of what was read anyway.
class LargeMargins {
 public:
  explicit LargeMargins(int64_t num_classes)
      : complete_(num_classes <= kMaxMarginColumns), places_(complete_ ? num_classes : 0) {}

  /// Whether all of them are here.
  bool complete() const { return complete_; }

  /// Bytes of memory that start_block() can use well.
  int64_t wanted_bytes(int64_t rows) const { return complete_ ? rows * kFirstBytesPerRow : 0; }

  /// To be called before the tiles of a block, with the number of workers they are given to, and
  /// with memory that lives as long as this.
  void start_block(FloatType type, int workers, std::span<std::byte> memory) {
    if (!complete_) return;
    const bool is_double = type == FloatType::kFloat64;
    const size_t share = memory.size() / static_cast<size_t>(workers) / 8 * 8;
    workers_.resize(std::max(workers_.size(), static_cast<size_t>(workers)));
    for (size_t w = 0; w < static_cast<size_t>(workers); ++w) {
      Worker& worker = workers_[w];
      worker.counts.resize(static_cast<size_t>(places_.size()));
      worker.most_bytes += static_cast<int64_t>(share);
      const Chunk chunk(is_double, memory.subspan(w * share, share));
      if (worker.chunk.room() < chunk.room()) worker.chunk = chunk;
    }
  }

  /// Adds the margins of a tile's rows that disagree, those at `positions`. Workers do not disturb
  /// each other.
  template <class T>
  void add(const Tile<T>& tile, std::span<const uint32_t> positions, int64_t first_row) {
    if (!complete_) return;
    Worker& worker = workers_[static_cast<size_t>(tile.worker)];
    worker.most_bytes += tile.rows.count * kBytesPerRow;
    if (worker.overflowed) return;
    constexpr bool kIsDouble = std::is_same_v<T, double>;
    static_assert(kMaxTileRows <= kMaxMarginRow + 1);
    const auto most = static_cast<int64_t>(positions.size()) * tile.rows.columns + kMarginPadding;
    Chunk& chunk = worker.chunk_for(kIsDouble, most);
    auto* const values = reinterpret_cast<Wide<T>*>(chunk.values_end());
    uint32_t* const codes = chunk.codes_end();
    const auto lowest = round_up<Wide<T>>(std::nextafter(kLargeMargin, 1.0));
    const int64_t found =
        list_margins(tile.rows, tile.labels, positions, places_, lowest, values, codes);
    for (int64_t i = 0; i < found; ++i) ++worker.counts[margin_place(codes[i])];
    if (found == 0) return;
    worker.stretches.push_back({first_row + tile.first, found, codes, values, kIsDouble});
    chunk.size += found;
    worker.num_bytes += found * margin_bytes(kIsDouble);
    worker.overflowed = worker.num_bytes > worker.most_bytes;
  }

  /// To be called after the tiles of a block.
  void finish_block() {
    for (const Worker& worker : workers_) complete_ = complete_ && !worker.overflowed;
    if (!complete_) std::vector<Worker>().swap(workers_);
  }

  /// Where they are counted.
  const MarginPlaces& places() const { return places_; }

  /// How many there are at a place.
  int64_t count(int64_t place) const {
    int64_t sum = 0;
    for (const Worker& worker : workers_) sum += worker.counts[static_cast<size_t>(place)];
    return sum;
  }

  /// Those of some neighbouring rows.
  struct Stretch {
    int64_t first_row = 0;  // from which margin_row() counts
    int64_t size = 0;
    const uint32_t* codes = nullptr;
    const void* values = nullptr;
    bool is_double = false;

    double value(int64_t i) const {
      return is_double ? static_cast<const double*>(values)[i]
                       : static_cast<double>(static_cast<const float*>(values)[i]);
    }
  };

  /// All of them. No row is in two stretches.
  std::vector<Stretch> stretches() const {
    std::vector<Stretch> all;
    for (const Worker& worker : workers_) {
      all.insert(all.end(), worker.stretches.begin(), worker.stretches.end());
    }
    return all;
  }

 private:
  static constexpr int64_t kBytesPerRow = 20;
  static constexpr int64_t kSlackBytes = int64_t{1} << 18;

  static int64_t value_bytes(bool is_double) { return is_double ? 8 : 4; }
  static int64_t margin_bytes(bool is_double) {
    return value_bytes(is_double) + static_cast<int64_t>(sizeof(uint32_t));
  }

  static constexpr int64_t kFirstBytesPerRow = 4;  // enough for most data

  /// Room for values, and behind them for their codes.
  struct Chunk {
    Chunk() = default;
    Chunk(bool of_doubles, std::span<std::byte> bytes)
        : memory(bytes.data()),
          capacity(static_cast<int64_t>(bytes.size()) / margin_bytes(of_doubles)),
          is_double(of_doubles) {}

    int64_t room() const { return capacity - size; }
    std::byte* values_end() const { return memory + size * value_bytes(is_double); }
    uint32_t* codes_end() const {
      return reinterpret_cast<uint32_t*>(memory + capacity * value_bytes(is_double)) + size;
    }

    std::byte* memory = nullptr;
    int64_t capacity = 0;
    bool is_double = false;
    int64_t size = 0;
  };

  struct Worker {
    /// A chunk with room for so many margins.
    Chunk& chunk_for(bool is_double, int64_t most) {
      if (chunk.is_double != is_double || chunk.room() < most) {
        // Room for several tiles like this one, even if each of its margins were kept.
        const auto bytes = static_cast<size_t>(4 * most * margin_bytes(is_double));
        chunk = Chunk(is_double, {more.emplace_back(bytes).data(), bytes});
      }
      return chunk;
    }

    Chunk chunk;                  // the last one
    std::vector<HugePages> more;  // memory of chunks
    std::vector<Stretch> stretches;
    std::vector<uint32_t> counts;  // by place
    int64_t num_bytes = 0;
    int64_t most_bytes = kSlackBytes;
    bool overflowed = false;
  };

  bool complete_;
  MarginPlaces places_;
  std::vector<Worker> workers_;
};

}  // namespace labelsieve
