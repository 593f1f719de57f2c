#include "tasks/multilabel_auto.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <functional>
#include <numeric>

#include "filter/auto_chance.h"
#include "labelsieve/source.h"
#include "tasks/multilabel_tiles.h"

namespace labelsieve {
namespace {

/// A class as a problem with two classes, in memory.
struct ClassProblem {
  std::vector<double> pred_probs;  // N×2: 1 - p, p
  std::vector<int8_t> labels;      // 0, 1, or kIgnored
  int64_t size() const { return static_cast<int64_t>(labels.size()); }
};

/// Calls work(k, problem) for every class; several classes at a time, each by one thread.
class ClassByClass {
 public:
  ClassByClass(MultilabelSource& source, const Execution& execution)
      : source_(source), execution_(execution), num_rows_(count_rows()) {}

  void run(const std::function<void(int64_t, const ClassProblem&)>& work) {
    constexpr int64_t kMaxBytes = int64_t{1} << 26;
    constexpr int64_t kRowBytes = 2 * sizeof(double) + 1;
    const int64_t classes = source_.num_classes();
    const int64_t room = kMaxBytes / (kRowBytes * std::max<int64_t>(num_rows_, 1));
    const int64_t together = std::clamp<int64_t>(room, 1, classes);
    std::vector<ClassProblem> problems(static_cast<size_t>(together));
    for (int64_t first = 0; first < classes; first += together) {
      const int64_t count = std::min(together, classes - first);
      fill(first, count, problems);
      const Execution silent{.num_threads = execution_.num_threads, .progress = {}};
      parallel_for(count, silent, {"classes", first, classes, 1},
                   [&](int64_t k, int) { work(first + k, problems[static_cast<size_t>(k)]); });
    }
  }

 private:
  int64_t count_rows() const {
    if (source_.num_rows() >= 0) return source_.num_rows();
    int64_t rows = 0;
    source_.reset();
    for (MultilabelBlock block; source_.next(block);) {
      rows = block.first_row + block.pred_probs.rows;
    }
    return rows;
  }

  void fill(int64_t first_class, int64_t count, std::vector<ClassProblem>& problems) {
    for (ClassProblem& problem : problems) {
      // Ignored examples are not met below; their probabilities must be some.
      problem.labels.assign(static_cast<size_t>(num_rows_), int8_t{kIgnored});
      problem.pred_probs.assign(static_cast<size_t>(2 * num_rows_), 0.5);
    }
    source_.reset();
    for (MultilabelBlock block; source_.next(block);) {
      visit_float_type(block.pred_probs.type, [&]<class T>(std::type_identity<T>) {
        for_each_multilabel_tile<T>(block, nullptr, execution_, "classes", source_.num_rows(),
                                    [&](const MultilabelTile<T>& tile) {
                                      if (!copy_columns(tile, first_class, count, problems)) {
                                        refuse_tile(tile);
                                      }
                                    });
      });
    }
  }

  /// False if a probability is none.
  template <class T>
  static bool copy_columns(const MultilabelTile<T>& tile, int64_t first_class, int64_t count,
                           std::vector<ClassProblem>& problems) {
    const ProbabilityBounds<Wide<T>> bounds;
    const int64_t columns = tile.in.rows.columns;
    bool valid = true;
    for (int64_t i = 0; i < tile.in.rows.count; ++i) {
      const T* row = tile.in.rows.row(i) + first_class;
      const uint8_t* labels = tile.in.labels + i * columns + first_class;
      const auto at = static_cast<size_t>(tile.index(i));
      for (int64_t k = 0; k < count; ++k) {
        const Wide<T> p = widen(row[k]);
        valid = valid && bounds.contain(p);
        ClassProblem& problem = problems[static_cast<size_t>(k)];
        problem.labels[at] = static_cast<int8_t>(labels[k]);
        problem.pred_probs[2 * at] = static_cast<double>(1 - p);
        problem.pred_probs[2 * at + 1] = static_cast<double>(p);
      }
    }
    return valid;
  }

  MultilabelSource& source_;
  const Execution& execution_;
  int64_t num_rows_;
};

AutoModel fit(const ClassProblem& problem) {
  const int64_t rows = problem.size();
  LabelsView labels(problem.labels.data(), rows);
  labels.ignore_label = kIgnored;
  MemorySource source(labels, MatrixView(problem.pred_probs.data(), rows, 2));
  return fit_auto_model(source, {.num_threads = 1, .progress = {}});
}

/// The calibrated probability of the larger side.
double confidence(const AutoModel& model, double larger, double smaller) {
  const double ratio = std::max(smaller, kAutoProbabilityFloor) / larger;
  return 1 / (1 + std::pow(ratio, model.temperature));
}

/// Flip rates from the confident predictions alone, those at least as sure as the mean of their
/// side: where one side is rare, most of the others that disagree are mistakes of the model.
FlipRates confident_flip_rates(const ClassProblem& problem, const AutoModel& model, bool given) {
  std::array<double, 2> sums{};
  std::array<int64_t, 2> sizes{};
  std::vector<double> sure(problem.labels.size());
  const auto predicted = [&](size_t i) {
    return static_cast<size_t>(problem.pred_probs[2 * i + 1] > problem.pred_probs[2 * i]);
  };
  for (size_t i = 0; i < sure.size(); ++i) {
    if (problem.labels[i] == kIgnored) continue;
    const size_t side = predicted(i);
    sure[i] =
        confidence(model, problem.pred_probs[2 * i + side], problem.pred_probs[2 * i + 1 - side]);
    sums[side] += sure[i];
    ++sizes[side];
  }
  std::array<std::array<double, 2>, 2> counts{};  // predicted, given
  for (size_t i = 0; i < sure.size(); ++i) {
    if (problem.labels[i] == kIgnored) continue;
    const size_t side = predicted(i);
    if (sure[i] * static_cast<double>(sizes[side]) < sums[side]) continue;
    ++counts[side][static_cast<size_t>(problem.labels[i])];
  }
  // One pseudo-example a side.
  const auto rate = [&](size_t from) {
    return (counts[from][1 - from] + model.expected_disagreement) /
           (counts[from][0] + counts[from][1] + 1);
  };
  return {rate(given ? 1 : 0), rate(given ? 0 : 1)};
}

/// A label whose other side wins.
struct Contested {
  double log_odds = 0;
  int64_t index = 0;
  bool given = false;
};

std::vector<Contested> ranked_contested(const ClassProblem& problem, const AutoModel& model) {
  std::vector<Contested> contested;
  for (int64_t i = 0; i < problem.size(); ++i) {
    const int8_t label = problem.labels[static_cast<size_t>(i)];
    if (label == kIgnored) continue;
    const bool given = label != 0;
    const double* sides = problem.pred_probs.data() + 2 * i;
    const double log_odds = binary_log_odds(model, given, sides[given], sides[!given]);
    if (log_odds > 0) contested.push_back({log_odds, i, given});
  }
  std::sort(contested.begin(), contested.end(), [](const Contested& a, const Contested& b) {
    return a.log_odds != b.log_odds ? a.log_odds > b.log_odds : a.index < b.index;
  });
  return contested;
}

/// What one class adds to the cut.
struct ClassCut {
  std::vector<TakenLabel> labels;
  AutoModel model;
  ExpectedErrors errors;
};

ClassCut cut_class(int32_t label, const ClassProblem& problem) {
  ClassCut cut{{}, fit(problem), {}};
  const std::vector<Contested> ranked = ranked_contested(problem, cut.model);
  const std::array<FlipRates, 2> rates = {confident_flip_rates(problem, cut.model, false),
                                          confident_flip_rates(problem, cut.model, true)};
  cut.errors.high = static_cast<double>(ranked.size());
  std::vector<double> chances;
  for (const Contested& c : ranked) {
    const double own_odds = c.log_odds - cut.model.correction(c.given, !c.given);
    const double share = 1 / (1 + std::exp(std::min(own_odds, 700.0)));
    const double low = class_noise_chance(share, rates[c.given]);
    // Three parts of this reading to one of the other, by which the chance is 1.
    chances.push_back(std::sqrt(low * std::sqrt(low)));
    cut.errors.low += low;
    cut.errors.expected += chances.back();
  }
  const size_t taken = best_cut(chances, cut.errors.expected);
  for (size_t i = 0; i < taken; ++i) {
    cut.labels.push_back({ranked[i].index, {label, ranked[i].given}});
  }
  return cut;
}

}  // namespace

double binary_log_odds(const AutoModel& model, bool given, double own, double other) {
  const auto log_of = [](double p) { return std::log(std::max(p, kAutoProbabilityFloor)); };
  return model.temperature * (log_of(other) - log_of(own)) + model.correction(given, !given);
}

std::vector<AutoModel> fit_multilabel_models(MultilabelSource& source, const Execution& execution) {
  std::vector<AutoModel> models(static_cast<size_t>(source.num_classes()));
  ClassByClass(source, execution).run([&](int64_t k, const ClassProblem& problem) {
    models[static_cast<size_t>(k)] = fit(problem);
  });
  return models;
}

MultilabelAutoCut cut_label_sets(MultilabelSource& source, const Execution& execution) {
  std::vector<ClassCut> cuts(static_cast<size_t>(source.num_classes()));
  ClassByClass(source, execution).run([&](int64_t k, const ClassProblem& problem) {
    cuts[static_cast<size_t>(k)] = cut_class(static_cast<int32_t>(k), problem);
  });
  MultilabelAutoCut all;
  for (ClassCut& cut : cuts) {
    all.labels.insert(all.labels.end(), cut.labels.begin(), cut.labels.end());
    all.models.push_back(std::move(cut.model));
    all.errors.push_back(cut.errors);
  }
  return all;
}

}  // namespace labelsieve
