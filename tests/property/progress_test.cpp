// Progress is told in order, and false from the callback stops the work.
#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "labelsieve/diagnose.h"
#include "labelsieve/ensemble.h"
#include "labelsieve/filter.h"
#include "support/errors.h"
#include "support/sources.h"

namespace {

using labelsieve::Progress;
using test_support::Stored;

const test_support::Data& data() {
  static const test_support::Data kData =
      test_support::make_data(test_support::Kind::kNoisy, 60000, 10, 1);
  return kData;
}
const Stored& stored() {
  static const Stored kStored(data());
  return kStored;
}

struct Report {
  std::string stage;
  int64_t done;
  int64_t total;
};

TEST(Progress, NeverGoesBackWithinAStageAndStaysWithinTheTotal) {
  for (const int threads : {1, 2, 8}) {
    std::vector<Report> reports;
    const auto caller = std::this_thread::get_id();
    labelsieve::FilterOptions options;
    options.execution.num_threads = threads;
    options.execution.progress = [&](const Progress& progress) {
      EXPECT_EQ(caller, std::this_thread::get_id());
      reports.push_back({std::string(progress.stage), progress.done, progress.total});
      return true;
    };
    auto source = stored().source();
    labelsieve::find_label_issues(source, options);
    // On several threads the caller's may come too late to do, and report, anything.
    if (threads == 1) {
      ASSERT_FALSE(reports.empty());
    }
    for (size_t r = 0; r < reports.size(); ++r) {
      EXPECT_FALSE(reports[r].stage.empty());
      EXPECT_GE(reports[r].done, 0);
      if (reports[r].total >= 0) {
        EXPECT_LE(reports[r].done, reports[r].total);
      }
      if (r > 0 && reports[r].stage == reports[r - 1].stage) {
        EXPECT_GE(reports[r].done, reports[r - 1].done);
      }
    }
  }
}

/// Whether `action` was told to stop at the n-th call of the callback, and did.
template <class Action>
bool is_stopped_at(int stop_at, int threads, const Action& action) {
  int calls = 0;
  labelsieve::Execution execution;
  execution.num_threads = threads;
  execution.progress = [&](const Progress&) { return ++calls < stop_at; };
  try {
    action(execution);
  } catch (const labelsieve::Error& error) {
    EXPECT_EQ(labelsieve::ErrorCode::kCancelled, error.code()) << error.what();
    return true;
  }
  EXPECT_LT(calls, stop_at) << "went on after it was told to stop";
  return false;
}

/// Stops `action` at its first, second, … report of progress.
template <class Action>
void expect_cancellable(const Action& action) {
  for (const int threads : {1, 2}) {
    int stop_at = 1;
    while (stop_at <= 40 && is_stopped_at(stop_at, threads, action)) ++stop_at;
    // On several threads the caller's may come too late to do, and report, anything.
    if (threads == 1) {
      EXPECT_GT(stop_at, 1) << "never called the progress callback";
    }
  }
}

TEST(Cancelling, StopsFind) {
  expect_cancellable([](const labelsieve::Execution& execution) {
    auto source = stored().source();
    labelsieve::find_label_issues(source, {.execution = execution});
  });
}

TEST(Cancelling, StopsFindOnBlocks) {
  expect_cancellable([](const labelsieve::Execution& execution) {
    auto source = stored().blocks(7000);
    labelsieve::find_label_issues(source, {.execution = execution});
  });
}

TEST(Cancelling, StopsScores) {
  expect_cancellable([](const labelsieve::Execution& execution) {
    auto source = stored().source();
    labelsieve::label_quality_scores(
        source, {.method = labelsieve::Method::kConfidenceWeightedEntropy, .execution = execution});
  });
}

TEST(Cancelling, StopsInspect) {
  expect_cancellable([](const labelsieve::Execution& execution) {
    auto source = stored().source();
    labelsieve::inspect(source, execution);
  });
}

TEST(Cancelling, StopsEnsembleWeights) {
  const std::vector<labelsieve::MatrixView> models = {stored().matrix.view(),
                                                      stored().matrix.view()};
  expect_cancellable([&](const labelsieve::Execution& execution) {
    labelsieve::ensemble_weights(stored().labels.view(), models, {.execution = execution});
  });
}

// An exception from the callback is the caller's business and comes through.
TEST(Cancelling, ExceptionsOfTheCallbackComeThrough) {
  labelsieve::FilterOptions options;
  options.execution.num_threads = 1;
  options.execution.progress = [](const Progress&) -> bool { throw std::runtime_error("mine"); };
  auto source = stored().source();
  EXPECT_THROW(labelsieve::find_label_issues(source, options), std::runtime_error);
}

}  // namespace
