#include "labelsieve/pair_counts.h"

#include <algorithm>
#include <array>

#include "kernels/class_count_kernel.h"

namespace labelsieve {
namespace {

/// Up to here K² counters are half a megabyte at most: cheaper than sorting pairs.
constexpr int64_t kMaxDenseClasses = 256;

/// Pairs that may wait to be sorted, whatever their number of distinct values.
constexpr size_t kMinPending = 1 << 16;

}  // namespace

PairCounts::PairCounts(int64_t num_classes)
    : num_classes_(num_classes), diagonal_(static_cast<size_t>(num_classes)) {
  if (num_classes <= kMaxDenseClasses) {
    dense_.resize(static_cast<size_t>(num_classes * num_classes));
  }
}

void PairCounts::add(int32_t given, int32_t guess) {
  if (dense_.empty()) {
    add({&given, 1}, {&guess, 1});
  } else if (guess == given) {
    ++diagonal_[given];
  } else if (guess >= 0) {
    ++dense_[static_cast<size_t>(given * num_classes_ + guess)];
  }
}

void PairCounts::add(std::span<const int32_t> given, std::span<const int32_t> guesses) {
  if (!dense_.empty()) {
    add_dense(given, guesses);
    return;
  }
  for (size_t i = 0; i < given.size(); ++i) {
    if (guesses[i] < 0) continue;
    if (given[i] == guesses[i]) {
      ++diagonal_[given[i]];
    } else {
      pending_.push_back(static_cast<Pair>(given[i]) << 32 | static_cast<Pair>(guesses[i]));
    }
  }
  if (pending_.size() >= std::max(kMinPending, 2 * counted_.size())) compact();
}

void PairCounts::add_dense(std::span<const int32_t> given, std::span<const int32_t> guesses) {
  constexpr size_t kAtOnce = 1024;
  std::array<uint32_t, kAtOnce + kClassPadding> others;
  for (size_t first = 0; first < given.size(); first += kAtOnce) {
    const size_t count = std::min(kAtOnce, given.size() - first);
    const int64_t num_others =
        count_agreeing(given.data() + first, guesses.data() + first, static_cast<int64_t>(count),
                       num_classes_, diagonal_.data(), others.data());
    for (int64_t o = 0; o < num_others; ++o) {
      const size_t i = first + others[o];
      ++dense_[static_cast<size_t>(given[i] * num_classes_ + guesses[i])];
    }
  }
}

std::vector<std::pair<PairCounts::Pair, int64_t>> PairCounts::sorted_counts() const {
  std::vector<Pair> pairs = pending_;
  std::sort(pairs.begin(), pairs.end());
  std::vector<std::pair<Pair, int64_t>> merged;
  merged.reserve(counted_.size() + pairs.size());
  const auto add = [&merged](Pair pair, int64_t count) {
    if (!merged.empty() && merged.back().first == pair) {
      merged.back().second += count;
    } else {
      merged.emplace_back(pair, count);
    }
  };
  auto counted = counted_.begin();
  for (const Pair pair : pairs) {
    for (; counted != counted_.end() && counted->first <= pair; ++counted) {
      add(counted->first, counted->second);
    }
    add(pair, 1);
  }
  for (; counted != counted_.end(); ++counted) add(counted->first, counted->second);
  return merged;
}

void PairCounts::compact() {
  counted_ = sorted_counts();
  pending_.clear();
}

void PairCounts::merge(const PairCounts& other) {
  for (size_t i = 0; i < dense_.size(); ++i) dense_[i] += other.dense_[i];
  for (size_t i = 0; i < diagonal_.size(); ++i) diagonal_[i] += other.diagonal_[i];
  const auto mine = sorted_counts();
  const auto theirs = other.sorted_counts();
  counted_.clear();
  pending_.clear();
  size_t m = 0;
  for (const auto& [pair, count] : theirs) {
    while (m < mine.size() && mine[m].first < pair) counted_.push_back(mine[m++]);
    const bool both = m < mine.size() && mine[m].first == pair;
    counted_.emplace_back(pair, count + (both ? mine[m++].second : 0));
  }
  counted_.insert(counted_.end(), mine.begin() + static_cast<std::ptrdiff_t>(m), mine.end());
}

SparseMatrix<int64_t> PairCounts::to_matrix(int64_t lowest_diagonal) const {
  SparseMatrix<int64_t> matrix;
  if (!dense_.empty()) {
    std::vector<int64_t> dense = dense_;
    for (int64_t k = 0; k < num_classes_; ++k) {
      dense[static_cast<size_t>(k * num_classes_ + k)] =
          std::max(diagonal_[static_cast<size_t>(k)], lowest_diagonal);
    }
    return SparseMatrix<int64_t>::from_dense(dense, num_classes_);
  }
  matrix.size = num_classes_;
  matrix.row_offsets.push_back(0);
  const auto counts = sorted_counts();
  auto next = counts.begin();
  for (int64_t given = 0; given < num_classes_; ++given) {
    bool diagonal_written = false;
    const auto write_diagonal = [&] {
      matrix.append(given, std::max(diagonal_[static_cast<size_t>(given)], lowest_diagonal));
      diagonal_written = true;
    };
    for (; next != counts.end() && static_cast<int64_t>(next->first >> 32) == given; ++next) {
      const auto guess = static_cast<int64_t>(next->first & 0xffffffffu);
      if (!diagonal_written && guess > given) write_diagonal();
      matrix.append(guess, next->second);
    }
    if (!diagonal_written) write_diagonal();
    matrix.finish_row();
  }
  return matrix;
}

}  // namespace labelsieve
