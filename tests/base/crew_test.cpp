#include "base/crew.h"

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/parallel.h"

namespace labelsieve {
namespace {

/// Waits, not for ever, until something another thread does has happened.
bool comes_true(const std::atomic<bool>& event) {
  const auto end = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  while (!event && std::chrono::steady_clock::now() < end) std::this_thread::yield();
  return event;
}

TEST(Crew, NoWorkerDoesAJobTwiceOrAfterItsEnd) {
  Crew crew;
  for (int job = 0; job < 3000; ++job) {
    const int workers = 1 + job % 4;
    std::vector<int> times(4);
    crew.run(workers, [&](int worker) {
      ++times[static_cast<size_t>(worker)];
      // Sometimes the others have time to come, sometimes not.
      if (worker == 0 && job % 3 != 0) {
        std::this_thread::sleep_for(std::chrono::microseconds(job % 50));
      }
    });
    const std::vector<int> seen = times;
    ASSERT_EQ(1, seen[0]) << job;
    for (int worker = 1; worker < 4; ++worker) {
      ASSERT_LE(seen[static_cast<size_t>(worker)], worker < workers ? 1 : 0) << job;
    }
  }
}

TEST(Crew, DoesNotWaitForThreadsThatHaveNotCome) {
  // Most of these crews are gone before their threads have started.
  for (int i = 0; i < 500; ++i) {
    int done = 0;
    Crew().run(8, [&done](int worker) {
      if (worker == 0) ++done;
    });
    ASSERT_EQ(1, done);
  }
}

TEST(Crew, WakesThreadsThatHaveGoneToSleep) {
  Crew crew;
  for (int job = 0; job < 5; ++job) {
    std::atomic<bool> done = false;
    crew.run(2, [&](int worker) {
      if (worker == 1) done = true;
      EXPECT_TRUE(worker != 0 || comes_true(done));
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
}

TEST(Crew, WaitsForAllWhenTheFirstFails) {
  Crew crew;
  std::atomic<bool> has_come = false;
  int done = 0;
  const auto job = [&](int worker) {
    if (worker == 0) {
      EXPECT_TRUE(comes_true(has_come));
      throw std::runtime_error("no");
    }
    has_come = true;
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ++done;
  };
  EXPECT_THROW(crew.run(2, job), std::runtime_error);
  EXPECT_EQ(1, done);
  EXPECT_FALSE(crew.is_busy());
  has_come = false;
  crew.run(2, [&](int worker) {
    if (worker == 1) has_come = true;
    EXPECT_TRUE(worker != 0 || comes_true(has_come));
  });
}

TEST(CrewScope, TheOutermostCounts) {
  const CrewScope outer;
  Crew& crew = outer.crew();
  {
    const CrewScope inner;
    EXPECT_EQ(&crew, &inner.crew());
  }
  EXPECT_EQ(&crew, &outer.crew());
  std::thread([&crew] { EXPECT_NE(&crew, &CrewScope().crew()); }).join();
}

TEST(CrewScope, WithinAJobThereIsAnother) {
  const CrewScope outer;
  outer.crew().run(2, [&outer](int) {
    const CrewScope inner;
    EXPECT_NE(&outer.crew(), &inner.crew());
    std::atomic<bool> done = false;
    inner.crew().run(2, [&done](int worker) {
      if (worker == 1) done = true;
      EXPECT_TRUE(worker != 0 || comes_true(done));
    });
  });
}

TEST(CrewScope, WorkMaySpreadWorkItself) {
  const CrewScope scope;
  const Execution execution{.num_threads = 3};
  std::vector<int> sums(5);
  parallel_for(5, execution, {}, [&](int64_t piece, int) {
    std::vector<int> parts(4);
    parallel_for(4, execution, {}, [&](int64_t part, int) {
      parts[static_cast<size_t>(part)] = static_cast<int>(piece + part);
    });
    for (const int part : parts) sums[static_cast<size_t>(piece)] += part;
  });
  EXPECT_EQ((std::vector<int>{6, 10, 14, 18, 22}), sums);
}

}  // namespace
}  // namespace labelsieve
