#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <string_view>

#include "base/crew.h"
#include "base/huge_pages.h"
#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "kernels/for_each_tile.h"
#include "kernels/refuse_row.h"
#include "kernels/score_kernel.h"
#include "labelsieve/rank.h"
#include "rank/order.h"
#include "rank/score_tile.h"

namespace labelsieve {
namespace {

/// Lowest score first, NaN last, ties in the order of the examples.
std::vector<Example> ranked(const std::vector<Example>& examples, const Execution& execution) {
  const Execution silent{.num_threads = execution.num_threads};
  const std::vector<size_t> order = order_by_quality(examples);
  std::vector<Example> result;
  reserve_huge_pages(result, order.size());
  result.resize(order.size());
  constexpr size_t kStep = size_t{1} << 12;
  const auto pieces = static_cast<int64_t>((order.size() + kStep - 1) / kStep);
  parallel_for(pieces, silent, {.name = "details"}, [&](int64_t piece, int) {
    const size_t begin = static_cast<size_t>(piece) * kStep;
    const size_t end = std::min(begin + kStep, order.size());
    for (size_t i = begin; i < end; ++i) result[i] = examples[order[i]];
  });
  return result;
}

/// Throws for the row of the tile at which a kernel stopped. `dataset_row` maps a position in the
/// block or index list to the row's index in the dataset.
template <class T, class DatasetRow>
void check_valid(const Tile<T>& tile, int64_t invalid, const DatasetRow& dataset_row) {
  if (invalid == kAllRowsValid) return;
  refuse_row(tile.rows.row(invalid), tile.rows.columns, dataset_row(tile.first + invalid));
}

/// Describes the rows of a tile into `examples`, one for each position.
template <class T, class DatasetRow>
void describe_tile(const Tile<T>& tile, const TileScorer& scorer, const DatasetRow& dataset_row,
                   Example* examples) {
  constexpr int64_t kStep = 256;
  double scores[kStep];
  int32_t suggested[kStep];
  for (int64_t start = 0; start < tile.rows.count; start += kStep) {
    const Tile<T> part = tile.part(start, kStep);
    check_valid(part, argmax(part.rows, part.labels, suggested), dataset_row);
    check_valid(part, scorer.score(part, scores, suggested), dataset_row);
    for (int64_t i = 0; i < part.rows.count; ++i) {
      Example& example = examples[part.first + i];
      example.index = dataset_row(part.first + i);
      example.given_label = part.labels[i];
      example.label_quality = scores[i];
      if (part.labels[i] == kIgnored) {
        example.given_label = -1;
        example.suggested_label = -1;
        example.self_confidence = example.suggested_prob = std::numeric_limits<double>::quiet_NaN();
        continue;
      }
      const T* row = part.rows.row(i);
      example.suggested_label = suggested[i];
      example.self_confidence = static_cast<double>(widen(row[part.labels[i]]));
      example.suggested_prob = static_cast<double>(widen(row[suggested[i]]));
    }
  }
}

/// Calls f(tile, dataset_row, first) for all tiles of the rows at `indices`, which are ascending;
/// the tile's own first row is counted from the place `first` among them.
/// Throws Error{kInvalidArgument} for an index outside the data.
template <class F>
void for_each_tile_of(Source& source, std::span<const int64_t> indices, const Execution& execution,
                      std::string_view stage, const F& f) {
  if (!indices.empty() && indices.front() < 0) refuse_argument("an index is negative");
  constexpr int64_t kMaxRows = int64_t{1} << 31;  // positions are 32 bits wide
  std::vector<uint32_t> positions;
  size_t next = 0;
  source.reset();
  for (Block whole; next < indices.size() && source.next(whole);) {
    for (int64_t first = 0; first < whole.pred_probs.rows; first += kMaxRows) {
      const int64_t count = std::min(kMaxRows, whole.pred_probs.rows - first);
      const Block block{whole.first_row + first, whole.labels.slice(first, count),
                        whole.pred_probs.slice(first, count)};
      const size_t begin = next;
      positions.clear();
      for (; next < indices.size() && indices[next] < block.first_row + count; ++next) {
        positions.push_back(static_cast<uint32_t>(indices[next] - block.first_row));
      }
      const auto dataset_row = [&](int64_t at) { return block.first_row + positions[at]; };
      visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
        for_each_tile<T>(block, positions, execution, stage, source.num_rows(),
                         [&](const Tile<T>& tile) { f(tile, dataset_row, begin); });
      });
    }
  }
  if (next < indices.size()) {
    refuse_argument("index " + std::to_string(indices[next]) + " is outside the data");
  }
}

/// compute(ascending) gives one value for each index; gives these in the order of `indices`. The
/// data are gone through in their own order, whichever way they are asked for.
template <class T, class Compute>
std::vector<T> as_asked_for(std::span<const int64_t> indices, const Compute& compute) {
  if (std::is_sorted(indices.begin(), indices.end())) return compute(indices);
  std::vector<size_t> order(indices.size());
  std::iota(order.begin(), order.end(), size_t{0});
  std::sort(order.begin(), order.end(),
            [&](size_t a, size_t b) { return indices[a] < indices[b]; });
  std::vector<int64_t> ascending(indices.size());
  std::transform(order.begin(), order.end(), ascending.begin(),
                 [&](size_t place) { return indices[place]; });
  const std::vector<T> computed = compute(ascending);
  std::vector<T> values(indices.size());
  for (size_t i = 0; i < order.size(); ++i) values[order[i]] = computed[i];
  return values;
}

/// With one number to fetch for each row, the threads that are worth starting: rows in one line of
/// the cache come in the order of memory, from longer ones each number has to be waited for.
Execution execution_for(const TileScorer& scorer, const MatrixView& matrix,
                        const Execution& execution) {
  if (!scorer.only_fetches()) return execution;
  constexpr int64_t kLineBytes = 64;
  const bool is_short = matrix.columns * size_of(matrix.type) <= kLineBytes;
  return with_worthwhile_threads(execution, matrix.rows, int64_t{1} << (is_short ? 17 : 13));
}

void score_block(const Block& block, const Execution& given, const TileScorer& scorer,
                 int64_t total_rows, double* out) {
  const Execution execution = execution_for(scorer, block.pred_probs, given);
  visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
    for_each_tile<T>(block, execution, "scores", total_rows, [&](const Tile<T>& tile) {
      check_valid(tile, scorer.score(tile, out + tile.first),
                  [&](int64_t at) { return block.first_row + at; });
    });
  });
}

}  // namespace

std::vector<double> label_quality_scores(Source& source, const ScoreOptions& options) {
  const CrewScope scope;
  const TileScorer scorer(source, options);
  std::vector<double> scores;
  reserve_huge_pages(scores, static_cast<size_t>(std::max<int64_t>(source.num_rows(), 0)));
  source.reset();
  for (Block block; source.next(block);) {
    scores.resize(static_cast<size_t>(block.first_row + block.pred_probs.rows));
    score_block(block, options.execution, scorer, source.num_rows(),
                scores.data() + block.first_row);
  }
  return scores;
}

void label_quality_scores(Source& source, const ScoreOptions& options, std::span<double> scores) {
  const CrewScope scope;
  const TileScorer scorer(source, options);
  int64_t rows = 0;
  source.reset();
  for (Block block; source.next(block);) {
    rows = block.first_row + block.pred_probs.rows;
    if (rows > static_cast<int64_t>(scores.size())) break;
    score_block(block, options.execution, scorer, source.num_rows(),
                scores.data() + block.first_row);
  }
  check_room_for_scores(scores.size(), rows);
}

std::vector<Example> describe_examples(Source& source, std::span<const int64_t> indices,
                                       const ScoreOptions& options) {
  return as_asked_for<Example>(indices, [&](std::span<const int64_t> ascending) {
    const TileScorer scorer(source, options);
    std::vector<Example> examples;
    reserve_huge_pages(examples, ascending.size());
    examples.resize(ascending.size());
    for_each_tile_of(source, ascending, options.execution, "details",
                     [&](const auto& tile, const auto& dataset_row, size_t first) {
                       describe_tile(tile, scorer, dataset_row, examples.data() + first);
                     });
    return examples;
  });
}

std::vector<double> label_quality_scores_at(Source& source, std::span<const int64_t> indices,
                                            const ScoreOptions& options) {
  const CrewScope scope;
  return as_asked_for<double>(indices, [&](std::span<const int64_t> ascending) {
    const TileScorer scorer(source, options);
    std::vector<double> scores(ascending.size());
    for_each_tile_of(source, ascending, options.execution, "scores",
                     [&](const auto& tile, const auto& dataset_row, size_t first) {
                       double* const out = scores.data() + first;
                       check_valid(tile, scorer.score(tile, out + tile.first), dataset_row);
                     });
    return scores;
  });
}

std::vector<Example> describe_all_examples(Source& source, const ScoreOptions& options) {
  const TileScorer scorer(source, options);
  std::vector<Example> examples;
  source.reset();
  for (Block block; source.next(block);) {
    examples.resize(static_cast<size_t>(block.first_row + block.pred_probs.rows));
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      for_each_tile<T>(block, options.execution, "details", source.num_rows(),
                       [&](const Tile<T>& tile) {
                         describe_tile(
                             tile, scorer, [&](int64_t at) { return block.first_row + at; },
                             examples.data() + block.first_row);
                       });
    });
  }
  return examples;
}

std::vector<Example> rank_label_issues(Source& source, std::span<const uint8_t> mask,
                                       const ScoreOptions& options) {
  const CrewScope scope;
  return ranked(describe_examples(source, places_of(mask), options), options.execution);
}

}  // namespace labelsieve
