// Single kernels on one thread, on every instruction set of this machine; the rows fit in the
// second-level cache, so that arithmetic is measured and not memory. For work on a kernel; the
// table of bench/run measures the library as it is used.
#include <benchmark/benchmark.h>

#include <cstdint>
#include <random>
#include <string>
#include <vector>

#include "count/tile_summary.h"
#include "kernels/isa.h"
#include "kernels/row_summary_kernel.h"
#include "kernels/score_kernel.h"

namespace {

constexpr int64_t kElements = int64_t{1} << 17;
constexpr size_t kMaxRows = size_t{1} << 17;

/// About half a megabyte of rows with random probabilities, and labels that mostly agree.
struct Data {
  explicit Data(int64_t num_classes)
      : columns(num_classes),
        count(kElements / num_classes),
        pred_probs(static_cast<size_t>(count * columns)),
        labels(static_cast<size_t>(count)) {
    std::mt19937 random(1);
    std::exponential_distribution<float> weight;
    for (int64_t i = 0; i < count; ++i) {
      float* row = pred_probs.data() + i * columns;
      const auto peak = static_cast<int64_t>(random() % static_cast<uint64_t>(columns));
      double sum = 0;
      for (int64_t k = 0; k < columns; ++k) {
        row[k] = weight(random) + (k == peak ? static_cast<float>(3 * columns) : 0.0F);
        sum += static_cast<double>(row[k]);
      }
      for (int64_t k = 0; k < columns; ++k) {
        row[k] = static_cast<float>(static_cast<double>(row[k]) / sum);
      }
      labels[static_cast<size_t>(i)] =
          static_cast<int32_t>(random() % 10 == 0 ? (peak + 1) % columns : peak);
    }
  }

  labelsieve::Rows<float> rows() const { return {pred_probs.data(), columns, count, columns}; }

  int64_t columns;
  int64_t count;
  std::vector<float> pred_probs;
  std::vector<int32_t> labels;
};

template <class Kernel>
void run(benchmark::State& state, const std::string& isa, const Kernel& kernel) {
  labelsieve::force_isa(isa);
  const Data data(state.range(0));
  for (auto _ : state) kernel(data);
  state.SetBytesProcessed(static_cast<int64_t>(state.iterations()) * data.count * data.columns *
                          static_cast<int64_t>(sizeof(float)));
  labelsieve::force_isa("");
}

void summarize_rows(const Data& data) {
  static labelsieve::TileSummary<float> summary(kMaxRows);
  benchmark::DoNotOptimize(labelsieve::summarize_rows(data.rows(), data.labels.data(),
                                                      summary.rows(), summary.findings()));
  benchmark::ClobberMemory();
}

void normalized_margin(const Data& data) {
  static std::vector<double> scores(kMaxRows);
  labelsieve::normalized_margin(data.rows(), data.labels.data(), scores.data());
  benchmark::ClobberMemory();
}

void confidence_weighted_entropy(const Data& data) {
  static std::vector<double> scores(kMaxRows);
  labelsieve::confidence_weighted_entropy(data.rows(), data.labels.data(), scores.data());
  benchmark::ClobberMemory();
}

void argmax(const Data& data) {
  static std::vector<int32_t> classes(kMaxRows);
  labelsieve::argmax(data.rows(), data.labels.data(), classes.data());
  benchmark::ClobberMemory();
}

template <class Kernel>
void add(const std::string& name, const Kernel& kernel) {
  for (const std::string& isa : labelsieve::supported_isas()) {
    benchmark::RegisterBenchmark(
        (name + "/" + isa).c_str(),
        [isa, kernel](benchmark::State& state) { run(state, isa, kernel); })
        ->ArgName("K")
        ->Arg(4)
        ->Arg(10)
        ->Arg(100)
        ->Arg(1000);
  }
}

}  // namespace

int main(int argc, char** argv) {
  add("summarize_rows", summarize_rows);
  add("normalized_margin", normalized_margin);
  add("confidence_weighted_entropy", confidence_weighted_entropy);
  add("argmax", argmax);
  benchmark::Initialize(&argc, argv);
  if (benchmark::ReportUnrecognizedArguments(argc, argv)) return 2;
  benchmark::RunSpecifiedBenchmarks();
}
