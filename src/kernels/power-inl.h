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

/// Some vectors that go through the same steps side by side: one alone would wait for every result.
template <class D, size_t kCount>
using Vectors = hn::Vec<D>[kCount];

/// Σ coefficients[i] x^i of each.
template <class D, size_t kCount, size_t kTerms>
HWY_INLINE void polynomials(D d, const Vectors<D, kCount>& x, const float (&coefficients)[kTerms],
                            Vectors<D, kCount>& sums) {
  for (auto& sum : sums) sum = hn::Set(d, coefficients[kTerms - 1]);
  for (size_t i = kTerms - 1; i-- > 0;) {
    const auto coefficient = hn::Set(d, coefficients[i]);
    for (size_t v = 0; v < kCount; ++v) sums[v] = hn::MulAdd(sums[v], x[v], coefficient);
  }
}

/// Each x becomes x^exponent, for x in (0, 1] and an exponent > 0, to double precision's last
/// digits.
template <size_t kCount>
HWY_INLINE void raise(hn::ScalableTag<double> d, Vectors<hn::ScalableTag<double>, kCount>& x,
                      hn::Vec<hn::ScalableTag<double>> exponent) {
  for (auto& value : x) value = hn::Exp(d, hn::Mul(exponent, hn::Log(d, value)));
}

/// The same in single precision, to a relative 1e-7 · (1 + exponent), but never below 2^-126: half
/// the instructions of a logarithm and an exponential that hold for all arguments. Both
/// polynomials interpolate at Chebyshev's nodes.
template <size_t kCount>
HWY_INLINE void raise(hn::ScalableTag<float> d, Vectors<hn::ScalableTag<float>, kCount>& x,
                      hn::Vec<hn::ScalableTag<float>> exponent) {
  using D = hn::ScalableTag<float>;
  constexpr float kLog[] = {1.44269499F,  -0.721352931F, 0.480916708F, -0.360225182F,
                            0.287288882F, -0.249271822F, 0.232652579F, -0.142759734F};
  constexpr float kExp[] = {1.00000008F,   0.693147188F,   0.240221075F,
                            0.0555035711F, 0.00967603192F, 0.00133908634F};
  const hn::RebindToSigned<D> bits;
  // x = 2^e · m with m in [√½, √2); log2(m) / (m - 1) is a polynomial in m - 1.
  const auto root_half = hn::Set(bits, 0x3f3504f3);
  Vectors<D, kCount> e;
  Vectors<D, kCount> t;
  for (size_t v = 0; v < kCount; ++v) {
    const auto raw = hn::BitCast(bits, x[v]);
    const auto power_of_two = hn::ShiftRight<23>(hn::Sub(raw, root_half));
    const auto m = hn::BitCast(d, hn::Sub(raw, hn::ShiftLeft<23>(power_of_two)));
    t[v] = hn::Sub(m, hn::Set(d, 1.0F));
    e[v] = hn::ConvertTo(d, power_of_two);
  }
  Vectors<D, kCount> sums;
  polynomials(d, t, kLog, sums);
  // 2^z = 2^n · 2^f with f in [-½, ½]. Beside 1.5 · 2^23 a number has its nearest integer in its
  // low bits.
  const auto to_integers = hn::Set(d, 0x1.8p23F);
  Vectors<D, kCount> n;
  Vectors<D, kCount> f;
  for (size_t v = 0; v < kCount; ++v) {
    const auto logarithm = hn::MulAdd(t[v], sums[v], e[v]);
    const auto z = hn::Max(hn::Mul(exponent, logarithm), hn::Set(d, -126.0F));
    n[v] = hn::Add(z, to_integers);
    f[v] = hn::Sub(z, hn::Sub(n[v], to_integers));
  }
  polynomials(d, f, kExp, sums);
  for (size_t v = 0; v < kCount; ++v) {
    const auto exponents = hn::ShiftLeft<23>(hn::BitCast(bits, n[v]));
    x[v] = hn::BitCast(d, hn::Add(hn::BitCast(bits, sums[v]), exponents));
  }
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#endif  // per-target guard
