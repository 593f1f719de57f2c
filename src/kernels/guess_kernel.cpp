#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/guess_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                        // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/compress-inl.h"
#include "kernels/confident_class_kernel.h"
#include "kernels/dispatch.h"
#include "kernels/guess_kernel.h"
#include "labelsieve/count.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Up to this many classes, choosing each row's limit among all of them is faster than a lookup.
constexpr int64_t kMaxClassesToChoose = 32;

/// The first limits, as many as a vector has lanes.
template <class D>
HWY_INLINE hn::Vec<D> first_limits(D d, const LimitCodes& limits) {
  HWY_ALIGN int32_t first[hn::MaxLanes(d)] = {};
  const int64_t count = HWY_MIN(limits.num_classes, static_cast<int64_t>(hn::Lanes(d)));
  for (int64_t k = 0; k < count; ++k) first[k] = limits.codes[k];
  return hn::Load(d, first);
}

/// The rows' limits by their classes; `table` has the first of them.
template <class D>
HWY_INLINE hn::Vec<D> limits_of(D d, const LimitCodes& limits, hn::Vec<D> table,
                                const uint16_t* classes, hn::Vec<D> best) {
  if (limits.num_classes <= static_cast<int64_t>(hn::Lanes(d))) {
    // Whatever stands for the class of a row that is not counted.
    const auto place = hn::And(best, hn::Set(d, static_cast<int32_t>(hn::Lanes(d)) - 1));
    return hn::TableLookupLanes(table, hn::IndicesFromVec(d, place));
  }
  if (limits.num_classes <= kMaxClassesToChoose) {
    auto limit = hn::Zero(d);
    for (int64_t k = 0; k < limits.num_classes; ++k) {
      const auto is_class = hn::Eq(best, hn::Set(d, static_cast<int32_t>(k)));
      limit = hn::IfThenElse(is_class, hn::Set(d, int32_t{limits.codes[k]}), limit);
    }
    return limit;
  }
  HWY_ALIGN int32_t found[hn::MaxLanes(d)];
  for (size_t lane = 0; lane < hn::Lanes(d); ++lane) {
    // What is not counted has no class.
    const bool is_class = classes[lane] < limits.num_classes;
    found[lane] = limits.codes[is_class ? classes[lane] : 0];
  }
  return hn::Load(d, found);
}

int64_t guess(const RowSummaries& rows, const int32_t* labels, int64_t count,
              const LimitCodes& limits, int32_t* guesses, uint32_t* unclear) {
  const hn::ScalableTag<int32_t> d;
  const hn::Rebind<uint16_t, decltype(d)> d16;
  const hn::Rebind<uint8_t, decltype(d)> d8;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto zero = hn::Zero(d);
  const auto none = hn::Set(d, kNotConfident);
  const auto off_bit = hn::Set(d, int32_t{kOffDiagonal});
  const auto disagrees_bit = hn::Set(d, int32_t{kDisagrees});
  const auto not_held = hn::Set(d, int32_t{kClassNotHeld});
  const auto below_lowest = hn::Set(d, int32_t{leading_code(limits.lowest)} - 1);
  const auto table = first_limits(d, limits);
  int64_t num_unclear = 0;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    const auto flags = hn::PromoteTo(d, hn::LoadU(d8, rows.flags + i));
    const auto best = hn::PromoteTo(d, hn::LoadU(d16, rows.argmax + i));
    const auto maximum = hn::PromoteTo(d, hn::LoadU(d16, rows.maximum + i));
    const auto second = hn::PromoteTo(d, hn::LoadU(d8, rows.second + i));
    const auto limit = limits_of(d, limits, table, rows.argmax + i, best);
    const auto counted = hn::Ne(flags, zero);
    const auto held = hn::Ne(best, not_held);
    const auto reaches = hn::And(counted, hn::And(held, hn::Gt(maximum, limit)));
    const auto guess = hn::IfThenElse(reaches, best, none);
    hn::StoreU(guess, d, guesses + i);
    const auto off = hn::And(hn::And(reaches, hn::TestBit(flags, disagrees_bit)),
                             hn::Ne(guess, hn::LoadU(d, labels + i)));
    const auto new_flags = hn::Or(hn::AndNot(off_bit, flags), hn::IfThenElseZero(off, off_bit));
    hn::StoreU(hn::DemoteTo(d8, new_flags), d8, rows.flags + i);
    const auto may_be_second = hn::And(hn::Not(reaches), hn::Gt(second, below_lowest));
    const auto is_unclear =
        hn::And(counted, hn::Or(may_be_second, hn::Or(hn::Eq(maximum, limit), hn::Not(held))));
    num_unclear += store_positions(d, i, is_unclear, unclear + num_unclear);
  }
  for (; i < count; ++i) {
    guesses[i] = kNotConfident;
    rows.flags[i] &= static_cast<uint8_t>(~kOffDiagonal);
    unclear[num_unclear] = static_cast<uint32_t>(i);
    num_unclear += rows.flags[i] != 0;
  }
  return num_unclear;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(guess);

int64_t guess_rows(const RowSummaries& summaries, const int32_t* labels, int64_t count,
                   const LimitCodes& limits, int32_t* guesses, uint32_t* unclear) {
  return LABELSIEVE_DISPATCH(guess)(summaries, labels, count, limits, guesses, unclear);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
