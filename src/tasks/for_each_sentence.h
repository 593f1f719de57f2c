// Visits whole sentences of a source, however its blocks cut them.
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string_view>
#include <type_traits>
#include <vector>

#include "base/parallel.h"
#include "kernels/label_decode.h"
#include "kernels/row_tile.h"
#include "labelsieve/sentences.h"

namespace labelsieve {

/// A sentence that its blocks cut in two or more, put together. Double holds every element.
struct CutSentence {
  std::vector<double> rows;
  std::vector<int32_t> labels;

  void append(const Block& block, int64_t first, int64_t count) {
    const auto before = static_cast<int64_t>(labels.size());
    labels.resize(static_cast<size_t>(before + count));
    decode_labels(block.labels, first, count, block.pred_probs.columns, block.first_row,
                  labels.data() + before);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      RowTile<T> tile;
      const Rows<T> part = tile.load(block.pred_probs, first, count);
      for (int64_t i = 0; i < count; ++i) {
        for (int64_t k = 0; k < part.columns; ++k) {
          rows.push_back(static_cast<double>(widen(part.row(i)[k])));
        }
      }
    });
  }

  Rows<double> all(int64_t columns) const {
    return {rows.data(), columns, static_cast<int64_t>(labels.size()), columns, nullptr};
  }
};

/// Calls work(position, rows, labels, worker) for every sentence in `wanted`, which are in
/// ascending order and not empty: `position` is that in the list, `rows` its Rows<T>, `labels` its
/// decoded labels. Workers are fewer than num_workers(execution, wanted.size()). Cost: the wanted
/// rows.
template <class Work>
void for_each_sentence(Source& source, const Sentences& sentences, std::span<const int64_t> wanted,
                       const Execution& execution, std::string_view stage, const Work& work) {
  constexpr int64_t kSentencesPerPiece = 64;
  const auto size = static_cast<int64_t>(wanted.size());
  const int64_t columns = source.num_classes();
  const auto start = [&](int64_t w) { return sentences.start(wanted[static_cast<size_t>(w)]); };
  const auto end = [&](int64_t w) { return sentences.end(wanted[static_cast<size_t>(w)]); };
  CutSentence cut;
  int64_t next = 0;
  source.reset();
  for (Block block; next < size && source.next(block);) {
    const int64_t begins = block.first_row;
    const int64_t ends = begins + block.pred_probs.rows;
    const auto append_cut = [&] {
      const int64_t first = std::max(start(next), begins);
      cut.append(block, first - begins, std::min(end(next), ends) - first);
    };
    if (start(next) < begins) {
      append_cut();
      if (end(next) > ends) continue;
      work(next, cut.all(columns), std::span<const int32_t>(cut.labels), 0);
      ++next;
    }
    int64_t last = next;  // behind the last one that is whole in this block
    while (last < size && end(last) <= ends) ++last;
    const int64_t pieces = (last - next + kSentencesPerPiece - 1) / kSentencesPerPiece;
    const auto workers = static_cast<size_t>(num_workers(execution, pieces));
    std::vector<std::vector<int32_t>> labels(workers);
    visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
      std::vector<RowTile<T>> tiles(workers);
      parallel_for(pieces, execution, {stage, next, size, kSentencesPerPiece},
                   [&](int64_t piece, int worker) {
                     std::vector<int32_t>& own = labels[static_cast<size_t>(worker)];
                     const int64_t first = next + piece * kSentencesPerPiece;
                     for (int64_t w = first; w < std::min(first + kSentencesPerPiece, last); ++w) {
                       const int64_t length = end(w) - start(w);
                       own.resize(static_cast<size_t>(length));
                       decode_labels(block.labels, start(w) - begins, length, columns, begins,
                                     own.data());
                       work(w,
                            tiles[static_cast<size_t>(worker)].load(block.pred_probs,
                                                                    start(w) - begins, length),
                            std::span<const int32_t>(own), worker);
                     }
                   });
    });
    next = last;
    cut = {};
    if (next < size && start(next) < ends) append_cut();
  }
}

}  // namespace labelsieve
