#include "base/crew.h"

#include <gtest/gtest.h>

#include <chrono>
#include <stdexcept>
#include <thread>
#include <vector>

#include "base/parallel.h"

namespace labelsieve {
namespace {

TEST(Crew, EveryWorkerDoesEveryJobOnce) {
  Crew crew;
  for (int job = 0; job < 2000; ++job) {
    const int workers = 1 + job % 4;
    std::vector<int> times(4);
    crew.run(workers, [&](int worker) { ++times[static_cast<size_t>(worker)]; });
    for (int worker = 0; worker < 4; ++worker) {
      ASSERT_EQ(worker < workers ? 1 : 0, times[static_cast<size_t>(worker)]) << job;
    }
  }
}

TEST(Crew, WakesThreadsThatHaveGoneToSleep) {
  Crew crew;
  for (int job = 0; job < 5; ++job) {
    int done = 0;
    crew.run(2, [&](int worker) {
      if (worker == 1) ++done;
    });
    EXPECT_EQ(1, done);
    std::this_thread::sleep_for(std::chrono::milliseconds(3));
  }
}

TEST(Crew, WaitsForAllWhenTheFirstFails) {
  Crew crew;
  int done = 0;
  const auto job = [&](int worker) {
    if (worker == 0) throw std::runtime_error("no");
    std::this_thread::sleep_for(std::chrono::milliseconds(2));
    ++done;
  };
  EXPECT_THROW(crew.run(2, job), std::runtime_error);
  EXPECT_EQ(1, done);
  EXPECT_FALSE(crew.is_busy());
  crew.run(2, [&](int worker) {
    if (worker == 1) ++done;
  });
  EXPECT_EQ(2, done);
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
    int done = 0;
    inner.crew().run(2, [&done](int worker) {
      if (worker == 1) ++done;
    });
    EXPECT_EQ(1, done);
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
