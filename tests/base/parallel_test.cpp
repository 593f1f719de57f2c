// The one place that starts threads.
#include "base/parallel.h"

#include <gtest/gtest.h>

#include <atomic>
#include <stdexcept>
#include <vector>

#include "base/pairwise_sum.h"
#include "reference/reference.h"
#include "support/errors.h"

namespace {

labelsieve::Execution threads(int number) {
  labelsieve::Execution execution;
  execution.num_threads = number;
  return execution;
}

TEST(ParallelFor, DoesEveryPieceOnce) {
  for (const int number : {0, 1, 2, 7}) {
    std::vector<std::atomic<int>> done(1000);
    labelsieve::parallel_for(1000, threads(number), {.name = "test"},
                             [&](int64_t piece, int) { ++done[static_cast<size_t>(piece)]; });
    for (const auto& count : done) EXPECT_EQ(1, count);
  }
}

TEST(ParallelFor, DoesNothingForNoPieces) {
  labelsieve::parallel_for(0, threads(3), {.name = "test"}, [](int64_t, int) { FAIL(); });
}

TEST(ParallelFor, NumbersWorkersBelowTheirNumber) {
  const auto execution = threads(3);
  labelsieve::parallel_for(100, execution, {.name = "test"}, [&](int64_t, int worker) {
    EXPECT_GE(worker, 0);
    EXPECT_LT(worker, labelsieve::num_workers(execution, 100));
  });
}

TEST(ParallelFor, ThreadsAreOnlyWorthSoMuchWork) {
  using labelsieve::with_worthwhile_threads;
  EXPECT_EQ(1, with_worthwhile_threads(threads(4), 99, 100).num_threads);
  EXPECT_EQ(1, with_worthwhile_threads(threads(4), 199, 100).num_threads);
  EXPECT_EQ(2, with_worthwhile_threads(threads(4), 200, 100).num_threads);
  EXPECT_EQ(4, with_worthwhile_threads(threads(4), 1000, 100).num_threads);
  EXPECT_GE(with_worthwhile_threads(threads(0), 1000, 1).num_threads, 1);
}

TEST(ParallelFor, RethrowsTheErrorOfTheLowestPiece) {
  for (int round = 0; round < 50; ++round) {
    try {
      labelsieve::parallel_for(200, threads(4), {.name = "test"}, [](int64_t piece, int) {
        if (piece % 10 == 3) throw std::runtime_error(std::to_string(piece));
      });
      FAIL() << "nothing was thrown";
    } catch (const std::runtime_error& error) {
      EXPECT_STREQ("3", error.what());
    }
  }
}

TEST(ParallelFor, StopsWhenTold) {
  for (const int number : {1, 4}) {
    auto execution = threads(number);
    execution.progress = [](const labelsieve::Progress&) { return false; };
    std::atomic<int> done = 0;  // of so many pieces that the caller's thread gets one
    test_support::expect_error(labelsieve::ErrorCode::kCancelled, "cancelled", [&] {
      labelsieve::parallel_for(10000000, execution, {.name = "test"},
                               [&](int64_t, int) { ++done; });
    });
    EXPECT_LT(done, 10000000);
  }
}

TEST(PairwiseSum, OfSparseSequencesEqualsTheDenseOne) {
  for (const int64_t length : {1, 7, 8, 9, 127, 128, 129, 300, 1000, 5000}) {
    reference::Vector dense(static_cast<size_t>(length));
    std::vector<labelsieve::PositionedValue> sparse;
    uint32_t state = 1;
    for (int64_t i = 0; i < length; ++i) {
      state = state * 1664525U + 1013904223U;
      if (state % 3 == 0) continue;
      dense[static_cast<size_t>(i)] = static_cast<double>(state) / 7;
      sparse.push_back({i, dense[static_cast<size_t>(i)]});
    }
    EXPECT_EQ(reference::pairwise_sum(dense), labelsieve::pairwise_sum(sparse, length)) << length;
  }
}

}  // namespace
