// What the confidence-weighted entropy is made of, for whichever target is being compiled. Included
// by kernels once per target, inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_ENTROPY_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_ENTROPY_INL_H_
#undef LABELSIEVE_KERNELS_ENTROPY_INL_H_
#else
#define LABELSIEVE_KERNELS_ENTROPY_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <limits>

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// p ln p, with 0 · ln 0 = 0; overshoot is clipped.
template <class D>
HWY_INLINE hn::Vec<D> entropy_term(D d, hn::Vec<D> p) {
  // The logarithm is finite there, and a zero probability times it is zero.
  const auto smallest = hn::Set(d, std::numeric_limits<hn::TFromD<D>>::min());
  const auto clipped = hn::Min(hn::Max(p, hn::Zero(d)), hn::Set(d, hn::TFromD<D>{1}));
  return hn::Mul(clipped, hn::Log(d, hn::Max(clipped, smallest)));
}

/// ln(1 + x) / x of numbers that are not negative: 1 at 0, 0 at infinity, NaN of NaN.
template <class D>
HWY_INLINE hn::Vec<D> log1p_ratio(D d, hn::Vec<D> x) {
  const auto infinity = hn::Set(d, std::numeric_limits<hn::TFromD<D>>::infinity());
  const auto ratio = hn::Div(hn::Log1p(d, x), x);
  const auto limited = hn::IfThenZeroElse(hn::Eq(x, infinity), ratio);
  return hn::IfThenElse(hn::Eq(x, hn::Zero(d)), hn::Set(d, hn::TFromD<D>{1}), limited);
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
