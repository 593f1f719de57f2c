#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/correction_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                             // IWYU pragma: keep
// After foreach_target:
#include <hwy/contrib/math/math-inl.h>
#include <hwy/highway.h>

#include <algorithm>

#include "kernels/correction_kernel.h"
#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {
namespace hn = hwy::HWY_NAMESPACE;

using CorrectionTag = hn::ScalableTag<double>;

/// to[k] = function(from[k]), a vector at a time. `to` may be `from`.
template <class Function>
HWY_INLINE void transform(const double* from, int64_t count, double* to, const Function& function) {
  const CorrectionTag d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  int64_t k = 0;
  for (; k + lanes <= count; k += lanes) {
    hn::StoreU(function(hn::LoadU(d, from + k)), d, to + k);
  }
  if (k == count) return;
  HWY_ALIGN double rest[hn::MaxLanes(CorrectionTag())] = {};
  std::copy(from + k, from + count, rest);
  hn::Store(function(hn::Load(d, rest)), d, rest);
  std::copy(rest, rest + (count - k), to + k);
}

void to_log_ratios_here(double* values, int64_t count, double pseudo, double own) {
  const CorrectionTag d;
  const auto added = hn::Set(d, pseudo);
  const auto subtracted = hn::Set(d, own);
  transform(values, count, values, [&](hn::Vec<CorrectionTag> v) HWY_ATTR {
    return hn::Sub(hn::Log(d, hn::Add(v, added)), subtracted);
  });
}

void write_factors_here(const double* corrections, int64_t count, double temperature,
                        double* factors) {
  const CorrectionTag d;
  const auto divisor = hn::Set(d, temperature);
  const auto limit = hn::Set(d, 700.0);
  transform(corrections, count, factors, [&](hn::Vec<CorrectionTag> v) HWY_ATTR {
    return hn::Exp(d, hn::Max(hn::Min(hn::Div(v, divisor), limit), hn::Neg(limit)));
  });
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(to_log_ratios_here);
LABELSIEVE_EXPORT(write_factors_here);

void to_log_ratios(double* values, int64_t count, double pseudo, double own) {
  LABELSIEVE_DISPATCH(to_log_ratios_here)(values, count, pseudo, own);
}
void write_factors(const double* corrections, int64_t count, double temperature, double* factors) {
  LABELSIEVE_DISPATCH(write_factors_here)(corrections, count, temperature, factors);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
