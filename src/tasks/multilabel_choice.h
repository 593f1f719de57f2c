// Which labels a filter takes: those on the wrong side of two limits per class and, for some
// filters, no more than so many of them.
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "labelsieve/multilabel_classification.h"
#include "tasks/multilabel_limits.h"

namespace labelsieve {

/// What a filter asks of each class.
struct LabelChoice {
  enum class Limit : uint8_t {
    kDisagreeing,  // the label disagrees with the larger side
    kOffDiagonal,  // and the other side is confident
    kLowerHalf,    // the given side is below 1/2: all candidates of the kLow filters
  };
  enum class Key : uint8_t {
    kNone,                  // take all
    kMargin,                // the largest margins of each side, as many as `counts` says
    kGiven,                 // the lowest probabilities of the given side
    kLowestSelfConfidence,  // the lowest scores of both sides together, counts[k][0] of them
    kLowestNormalizedMargin,
  };

  Limit limit = Limit::kDisagreeing;
  Key key = Key::kNone;
  std::vector<AbsentPresent<int64_t>> counts;  // per class; empty where all are taken

  bool sides_together() const {
    return key == Key::kLowestSelfConfidence || key == Key::kLowestNormalizedMargin;
  }
};

/// A choice as select_labels() takes it.
template <class W>
struct ChoiceLimits {
  std::vector<W> given_at_most;
  std::vector<W> missing_at_least;

  ChoiceLimits(const LabelChoice& choice, const MultilabelJoint& joint) {
    constexpr W kInfinity = std::numeric_limits<W>::infinity();
    const MultilabelLimits<W> limits(joint.thresholds);
    for (size_t k = 0; k < joint.thresholds.size(); ++k) {
      W given = limits.given_disagrees;
      W missing = limits.missing_disagrees;
      if (choice.limit == LabelChoice::Limit::kOffDiagonal) {
        // Where the labels disagree, the other side is the larger one.
        given = std::min(given, limits.absent[k]);
        missing = std::max(missing, limits.present[k]);
      } else if (choice.limit == LabelChoice::Limit::kLowerHalf) {
        given = std::nextafter(W{0.5}, W{0});
        missing = std::nextafter(W{0.5}, W{1});
      }
      // Sides of which none is taken need not be looked at.
      if (!choice.counts.empty()) {
        if (choice.counts[k][choice.sides_together() ? 0 : 1] <= 0) given = -kInfinity;
        if (choice.counts[k][0] <= 0) missing = kInfinity;
      }
      given_at_most.push_back(given);
      missing_at_least.push_back(missing);
    }
  }
};

/// The number by which labels are chosen, the largest first.
template <class W>
double choice_key(LabelChoice::Key key, W p, bool given) {
  const W absent = 1 - p;
  const W own = given ? p : absent;
  const W other = given ? absent : p;
  switch (key) {
    case LabelChoice::Key::kMargin: return static_cast<double>(other - own);
    case LabelChoice::Key::kGiven: return -static_cast<double>(own);
    case LabelChoice::Key::kLowestSelfConfidence: return -std::max(static_cast<double>(own), 0.0);
    default: return -std::max(static_cast<double>((own - other + 1) / 2), 0.0);
  }
}

/// What one label was taken as.
struct TakenLabel {
  int64_t index = 0;  // of the example
  ClassIssue issue;
};

/// The labels that the choice takes: class by class, or in the order in which workers came to the
/// tiles; those of one example by class in either. `wanted` as for_each_multilabel_tile() has it.
std::vector<TakenLabel> take_labels(MultilabelSource& source, const MultilabelJoint& joint,
                                    const LabelChoice& choice, const uint8_t* wanted,
                                    const Execution& execution);

}  // namespace labelsieve
