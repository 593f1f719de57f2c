#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/class_count_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                              // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/class_count_kernel.h"
#include "kernels/compress-inl.h"
#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

// A histogram of few classes is slow in the usual way, one example after the other: each waits for
// the one before of its class, or takes as long as if it did. Comparing a vector of examples with
// every class in turn costs a few instructions a class and waits for nothing.

/// Rows that are prepared before the classes are taken in turn; what they need stays in the cache.
constexpr int64_t kAtOnce = 1024;

/// Classes that are compared with each vector of examples while it is in a register.
constexpr int kClassesAtOnce = 4;

/// In a byte, an example of none of the classes.
constexpr int kNoClass = 255;

template <class D>
HWY_INLINE bool takes_classes_in_turn(D d, int64_t num_classes) {
  return num_classes <= HWY_MIN(int64_t{kNoClass}, static_cast<int64_t>(2 * hn::Lanes(d)));
}

template <class D>
HWY_INLINE int64_t sum_of_lanes(D d, hn::Vec<D> lanes) {
  HWY_ALIGN int32_t values[hn::MaxLanes(d)];
  hn::Store(lanes, d, values);
  int64_t sum = 0;
  for (size_t lane = 0; lane < hn::Lanes(d); ++lane) sum += values[lane];
  return sum;
}

/// Some probabilities in two parts, each a whole number: multiples of 2^-13, to which one example
/// of the count is added, and of 2^-37.
struct SplitProbabilities {
  static constexpr int kCountShift = 22;

  HWY_ALIGN int32_t classes[kAtOnce];
  HWY_ALIGN int32_t high[kAtOnce];
  HWY_ALIGN int32_t low[kAtOnce];
};

/// sum + x in the mask's lanes.
template <class D>
HWY_INLINE hn::Vec<D> add_where(hn::Mask<D> mask, hn::Vec<D> sum, hn::Vec<D> x) {
#if HWY_TARGET <= HWY_AVX3
  return hn::IfThenElse(mask, hn::Add(sum, x), sum);  // one instruction
#else
  return hn::Add(sum, hn::IfThenElseZero(mask, x));
#endif
}

/// Adds the first `count` of them, those of so many classes from `first` on.
template <int kClasses>
HWY_INLINE void add_split(const SplitProbabilities& split, int64_t count, int64_t first,
                          const ClassSums& out) {
  const hn::ScalableTag<int32_t> d;
  using V = hn::Vec<decltype(d)>;
  V high[kClasses];
  V low[kClasses];
  for (int c = 0; c < kClasses; ++c) high[c] = low[c] = hn::Zero(d);
  for (int64_t i = 0; i < count; i += static_cast<int64_t>(hn::Lanes(d))) {
    const V classes = hn::Load(d, split.classes + i);
    const V more_high = hn::Load(d, split.high + i);
    const V more_low = hn::Load(d, split.low + i);
    for (int c = 0; c < kClasses; ++c) {
      const auto is_class = hn::Eq(classes, hn::Set(d, static_cast<int32_t>(first + c)));
      high[c] = add_where<decltype(d)>(is_class, high[c], more_high);
      low[c] = add_where<decltype(d)>(is_class, low[c], more_low);
    }
  }
  for (int c = 0; c < kClasses; ++c) {
    const auto counts = hn::ShiftRight<SplitProbabilities::kCountShift>(high[c]);
    const auto sums = hn::Sub(high[c], hn::ShiftLeft<SplitProbabilities::kCountShift>(counts));
    out.counts[first + c] += sum_of_lanes(d, counts);
    out.sums[first + c] += sum_of_lanes(d, sums) * (int64_t{1} << 24) + sum_of_lanes(d, low[c]);
  }
}

int64_t add_class_sums(const int32_t* classes, const float* probabilities, int64_t count,
                       int64_t num_classes, const ClassSums& out, uint32_t* small) {
  const hn::ScalableTag<int32_t> d;
  const hn::RebindToFloat<decltype(d)> df;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto none = hn::Set(d, -1);
  const auto smallest = hn::Set(df, kSmallestClassSummand);
  const auto one = hn::Set(d, int32_t{1} << SplitProbabilities::kCountShift);
  int64_t num_small = 0;
  int64_t done = 0;
  if (takes_classes_in_turn(d, num_classes)) {
    SplitProbabilities split;
    while (count - done >= lanes) {
      const int64_t some = HWY_MIN(kAtOnce, (count - done) / lanes * lanes);
      for (int64_t i = 0; i < some; i += lanes) {
        const auto given = hn::LoadU(d, classes + done + i);
        const auto p = hn::LoadU(df, probabilities + done + i);
        const auto large = hn::RebindMask(d, hn::Ge(p, smallest));
        const auto scaled = hn::Mul(p, hn::Set(df, 0x1p13F));
        const auto high = hn::ConvertTo(d, scaled);
        const auto rest = hn::Sub(scaled, hn::ConvertTo(df, high));
        const auto low = hn::ConvertTo(d, hn::Mul(rest, hn::Set(df, 0x1p24F)));
        hn::Store(hn::IfThenElse(large, given, none), d, split.classes + i);
        hn::Store(hn::Add(high, one), d, split.high + i);
        hn::Store(low, d, split.low + i);
        const auto is_small = hn::AndNot(large, hn::Gt(given, none));
        if (HWY_UNLIKELY(!hn::AllFalse(d, is_small))) {
          num_small += store_positions(d, done + i, is_small, small + num_small);
        }
      }
      int64_t k = 0;
      for (; k + kClassesAtOnce <= num_classes; k += kClassesAtOnce) {
        add_split<kClassesAtOnce>(split, some, k, out);
      }
      for (; k < num_classes; ++k) add_split<1>(split, some, k, out);
      done += some;
    }
  }
  for (; done < count; ++done) {
    if (classes[done] < 0) continue;
    if (probabilities[done] < kSmallestClassSummand) {
      small[num_small++] = static_cast<uint32_t>(done);
      continue;
    }
    out.sums[classes[done]] += static_cast<int64_t>(probabilities[done] * 0x1p37F);
    ++out.counts[classes[done]];
  }
  return num_small;
}

int64_t count_agreeing(const int32_t* given, const int32_t* guesses, int64_t count,
                       int64_t num_classes, int64_t* counts, uint32_t* others) {
  const hn::ScalableTag<int32_t> d;
  const hn::Rebind<uint8_t, decltype(d)> narrow;
  const hn::ScalableTag<uint8_t> bytes;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto byte_lanes = static_cast<int64_t>(hn::Lanes(bytes));
  const auto none = hn::Set(d, -1);
  const auto no_class = hn::Set(d, int32_t{kNoClass});
  int64_t num_others = 0;
  int64_t done = 0;
  if (takes_classes_in_turn(bytes, num_classes)) {
    HWY_ALIGN uint8_t agreeing[kAtOnce];
    while (count - done >= byte_lanes) {
      const int64_t some = HWY_MIN(kAtOnce, (count - done) / byte_lanes * byte_lanes);
      for (int64_t i = 0; i < some; i += lanes) {
        const auto guess = hn::LoadU(d, guesses + done + i);
        const auto is_guess = hn::Gt(guess, none);
        const auto agrees = hn::And(is_guess, hn::Eq(guess, hn::LoadU(d, given + done + i)));
        hn::StoreU(hn::DemoteTo(narrow, hn::IfThenElse(agrees, guess, no_class)), narrow,
                   agreeing + i);
        const auto is_other = hn::AndNot(agrees, is_guess);
        num_others += store_positions(d, done + i, is_other, others + num_others);
      }
      for (int64_t k = 0; k < num_classes; ++k) {
        const auto is_k = hn::Set(bytes, static_cast<uint8_t>(k));
        int64_t found = 0;
        for (int64_t i = 0; i < some; i += byte_lanes) {
          found += static_cast<int64_t>(
              hn::CountTrue(bytes, hn::Eq(hn::Load(bytes, agreeing + i), is_k)));
        }
        counts[k] += found;
      }
      done += some;
    }
  }
  for (; done < count; ++done) {
    if (guesses[done] < 0) continue;
    if (guesses[done] == given[done]) {
      ++counts[guesses[done]];
    } else {
      others[num_others++] = static_cast<uint32_t>(done);
    }
  }
  return num_others;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(add_class_sums);
LABELSIEVE_EXPORT(count_agreeing);

int64_t add_class_sums(const int32_t* classes, const float* probabilities, int64_t count,
                       int64_t num_classes, const ClassSums& out, uint32_t* small) {
  return LABELSIEVE_DISPATCH(add_class_sums)(classes, probabilities, count, num_classes, out,
                                             small);
}

int64_t count_agreeing(const int32_t* given, const int32_t* guesses, int64_t count,
                       int64_t num_classes, int64_t* counts, uint32_t* others) {
  return LABELSIEVE_DISPATCH(count_agreeing)(given, guesses, count, num_classes, counts, others);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
