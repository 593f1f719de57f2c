// Powers of numbers in (0, 1], for whichever target is being compiled. Included by kernels once
// per target, inside Highway's foreach_target.
#if defined(LABELSIEVE_KERNELS_POWER_INL_H_) == defined(HWY_TARGET_TOGGLE)
#ifdef LABELSIEVE_KERNELS_POWER_INL_H_
#undef LABELSIEVE_KERNELS_POWER_INL_H_
#else
#define LABELSIEVE_KERNELS_POWER_INL_H_
#endif

#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

/// Σ coefficients[i] x^i.
template <class D, size_t kCount>
HWY_INLINE hn::Vec<D> polynomial(D d, hn::Vec<D> x, const float (&coefficients)[kCount]) {
  auto sum = hn::Set(d, coefficients[kCount - 1]);
  for (size_t i = kCount - 1; i-- > 0;) sum = hn::MulAdd(sum, x, hn::Set(d, coefficients[i]));
  return sum;
}

/// x^exponent for x in (0, 1] and an exponent > 0, to double precision's last digits.
HWY_INLINE hn::Vec<hn::ScalableTag<double>> power(hn::ScalableTag<double> d,
                                                  hn::Vec<hn::ScalableTag<double>> x,
                                                  hn::Vec<hn::ScalableTag<double>> exponent) {
  return hn::Exp(d, hn::Mul(exponent, hn::Log(d, x)));
}

/// The same in single precision, to a relative 1e-7 · (1 + exponent), but never below 2^-126: half
/// the instructions of a logarithm and an exponential that hold for all arguments. Both
/// polynomials interpolate at Chebyshev's nodes.
HWY_INLINE hn::Vec<hn::ScalableTag<float>> power(hn::ScalableTag<float> d,
                                                 hn::Vec<hn::ScalableTag<float>> x,
                                                 hn::Vec<hn::ScalableTag<float>> exponent) {
  constexpr float kLog[] = {1.44269499F,  -0.721352931F, 0.480916708F, -0.360225182F,
                            0.287288882F, -0.249271822F, 0.232652579F, -0.142759734F};
  constexpr float kExp[] = {1.00000008F,   0.693147188F,   0.240221075F,
                            0.0555035711F, 0.00967603192F, 0.00133908634F};
  const hn::RebindToSigned<hn::ScalableTag<float>> bits;
  // x = 2^e · m with m in [√½, √2); log2(m) / (m - 1) is a polynomial in m - 1.
  const auto root_half = hn::Set(bits, 0x3f3504f3);
  const auto raw = hn::BitCast(bits, x);
  const auto e = hn::ShiftRight<23>(hn::Sub(raw, root_half));
  const auto t = hn::Sub(hn::BitCast(d, hn::Sub(raw, hn::ShiftLeft<23>(e))), hn::Set(d, 1.0F));
  const auto logarithm = hn::MulAdd(t, polynomial(d, t, kLog), hn::ConvertTo(d, e));
  // 2^z = 2^n · 2^f with f in [-½, ½].
  const auto z = hn::Max(hn::Mul(exponent, logarithm), hn::Set(d, -126.0F));
  const auto n = hn::NearestInt(z);
  const auto f = hn::Sub(z, hn::ConvertTo(d, n));
  return hn::BitCast(d, hn::Add(hn::BitCast(bits, polynomial(d, f, kExp)), hn::ShiftLeft<23>(n)));
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
