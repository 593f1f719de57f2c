#include <algorithm>
#include <cmath>
#include <memory>
#include <numeric>
#include <string>

#include "base/crew.h"
#include "base/parallel.h"
#include "base/refuse_argument.h"
#include "count/count_rows.h"
#include "count/fit_auto_model.h"
#include "filter/auto_cut.h"
#include "filter/filter_options.h"
#include "filter/prune.h"
#include "filter/prune_counts.h"
#include "labelsieve/filter.h"

namespace labelsieve {
namespace {

// Bits of a row's flags beside RowFlags: what the prune filters chose.
constexpr uint8_t kPrunedByNoiseRate = 8;
constexpr uint8_t kPrunedByClass = 16;

void check_joint(const SparseMatrix<double>& joint, int64_t num_classes) {
  if (joint.size != num_classes) {
    refuse_argument("the confident joint has " + std::to_string(joint.size) +
                    " classes, the probabilities " + std::to_string(num_classes));
  }
  for (const double value : joint.values) {
    if (!(value >= 0) || std::isinf(value)) {
      refuse_argument("the confident joint holds a value that is negative or not finite");
    }
  }
}

/// Flags the n examples with the lowest score, n the joint's off-diagonal count.
std::vector<uint8_t> lowest_scores(Source& source, Method method, const LabelIssues& found,
                                   const Execution& execution) {
  ScoreOptions options;
  options.method = method;
  options.execution = execution;
  const std::vector<double> scores = label_quality_scores(source, options);
  std::vector<uint8_t> mask(scores.size());
  for (const int64_t index : find_top_issues(scores, found.joint.num_off_diagonal)) {
    mask[static_cast<size_t>(index)] = 1;
  }
  return mask;
}

/// What the first pass keeps for those who look back at rows.
struct LooksBack {
  explicit LooksBack(int64_t num_classes) : margins(num_classes) {}

  KeptRows of(std::vector<uint8_t>& flags) { return {&flags, &summaries, &margins}; }

  LargeMargins margins;
  std::vector<BlockSummaries> summaries;
};

void prune(Source& source, const FilterOptions& options, const ConfidentJoint& joint,
           const LooksBack& kept, std::span<uint8_t> flags) {
  const SparseMatrix<double> given_joint =
      options.confident_joint
          ? *options.confident_joint
          : joint.calibrated.mapped<double>([](int64_t n) { return static_cast<double>(n); });
  std::vector<int64_t> removed = options.num_to_remove_per_class;
  if (removed.size() == 1) removed.resize(static_cast<size_t>(given_joint.size), removed.front());
  const SparseMatrix<int64_t> counts =
      prune_counts(given_joint, joint.label_counts,
                   {options.frac_noise, options.min_examples_per_class, std::move(removed)});
  const PruneInput input{
      source,        counts, joint.label_counts, options.min_examples_per_class, options.execution,
      kept.summaries};
  if (options.filter_by != FilterBy::kPruneByClass) {
    prune_by_noise_rate(input, kept.margins, kPrunedByNoiseRate, flags);
  }
  if (options.filter_by != FilterBy::kPruneByNoiseRate) {
    prune_by_class(input, kPrunedByClass, flags);
  }
}

/// One pass counts the rows and fits the model.
void find_automatically(Source& source, const ConfidentJointOptions& options, LabelIssues& found) {
  const Execution& execution = options.execution;
  AutoFit fit(source, execution);
  std::vector<BlockSummaries> kept;
  found.joint = count_rows(
      source, options, {.flags = &found.mask, .summaries = &kept, .confusion = &fit.confusion()});
  found.auto_model = std::make_shared<const AutoModel>(fit.model(execution));
  const AutoScorer scorer(found.auto_model, source.num_classes(), execution);
  found.expected_errors =
      cut_automatically({source, scorer, kept, found.joint.label_counts, execution}, found.mask);
}

/// The flags that an issue has under a filter.
uint8_t issue_bits(FilterBy filter) {
  switch (filter) {
    case FilterBy::kPruneByNoiseRate: return kPrunedByNoiseRate;
    case FilterBy::kPruneByClass: return kPrunedByClass;
    case FilterBy::kBoth: return kPrunedByNoiseRate | kPrunedByClass;
    case FilterBy::kConfidentLearning: return kOffDiagonal;
    default: return kDisagrees;
  }
}

/// Makes 1 of the flags that have all wanted bits, 0 of the others.
void to_mask(std::span<uint8_t> flags, uint8_t wanted, const Execution& execution) {
  constexpr size_t kPiece = size_t{1} << 17;
  const auto total = static_cast<int64_t>(flags.size());
  parallel_for((total + kPiece - 1) / kPiece, execution, {"issues", 0, total, kPiece},
               [&](int64_t piece, int) {
                 // A copy: bytes that are written may be any variable of others, for all the
                 // compiler knows.
                 const uint8_t bits = wanted;
                 const size_t first = static_cast<size_t>(piece) * kPiece;
                 const size_t count = std::min(kPiece, flags.size() - first);
                 for (uint8_t& flag : flags.subspan(first, count)) flag = (flag & bits) == bits;
               });
}

/// How many of the bytes, each 0 or 1, are 1.
int64_t count_ones(std::span<const uint8_t> mask) {
  constexpr size_t kPiece = size_t{1} << 16;  // whose sum finds room in 32 bits
  int64_t count = 0;
  for (size_t first = 0; first < mask.size(); first += kPiece) {
    const auto piece = mask.subspan(first, std::min(kPiece, mask.size() - first));
    count += std::accumulate(piece.begin(), piece.end(), uint32_t{0});
  }
  return count;
}

/// The filters of the reference.
void find_by_counts(Source& source, const FilterOptions& options,
                    const ConfidentJointOptions& counting, LabelIssues& found) {
  std::vector<uint8_t>& flags = found.mask;
  LooksBack kept(source.num_classes());
  const bool looks_back =
      options.filter_by == FilterBy::kPruneByNoiseRate || options.filter_by == FilterBy::kBoth;
  found.joint =
      count_rows(source, counting, looks_back ? kept.of(flags) : KeptRows{.flags = &flags});
  switch (options.filter_by) {
    case FilterBy::kLowNormalizedMargin:
      flags = lowest_scores(source, Method::kNormalizedMargin, found, options.execution);
      break;
    case FilterBy::kLowSelfConfidence:
      flags = lowest_scores(source, Method::kSelfConfidence, found, options.execution);
      break;
    default: {
      if (is_prune_filter(options.filter_by)) prune(source, options, found.joint, kept, flags);
      to_mask(flags, issue_bits(options.filter_by), options.execution);
    }
  }
}

}  // namespace

LabelIssues find_label_issues(Source& source, const FilterOptions& options) {
  const CrewScope scope;
  check_filter_options(options, source.num_classes());
  if (options.confident_joint) check_joint(*options.confident_joint, source.num_classes());
  const ConfidentJointOptions counting{options.collision, options.thresholds, options.execution};
  LabelIssues found;
  if (options.filter_by == FilterBy::kAuto) {
    find_automatically(source, counting, found);
  } else {
    find_by_counts(source, options, counting, found);
  }
  found.num_issues = count_ones(found.mask);
  return found;
}

}  // namespace labelsieve
