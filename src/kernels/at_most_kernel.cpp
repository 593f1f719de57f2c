#undef HWY_TARGET_INCLUDE
#define HWY_TARGET_INCLUDE "kernels/at_most_kernel.cpp"  // NOLINT
#include <hwy/foreach_target.h>                          // IWYU pragma: keep
// After foreach_target:
#include <hwy/highway.h>

#include "kernels/at_most_kernel.h"
#include "kernels/compress-inl.h"
#include "kernels/dispatch.h"

HWY_BEFORE_NAMESPACE();
namespace labelsieve {
namespace HWY_NAMESPACE {

int64_t at_most(const double* values, int64_t count, double limit, uint32_t* out) {
  const hn::ScalableTag<double> d;
  const auto lanes = static_cast<int64_t>(hn::Lanes(d));
  const auto highest = hn::Set(d, limit);
  int64_t found = 0;
  int64_t i = 0;
  for (; i + lanes <= count; i += lanes) {
    found += store_positions(d, i, hn::Le(hn::LoadU(d, values + i), highest), out + found);
  }
  for (; i < count; ++i) {
    out[found] = static_cast<uint32_t>(i);
    found += values[i] <= limit ? 1 : 0;
  }
  return found;
}

// NOLINTNEXTLINE(google-readability-namespace-comments)
}  // namespace HWY_NAMESPACE
}  // namespace labelsieve
HWY_AFTER_NAMESPACE();

#if HWY_ONCE
namespace labelsieve {

LABELSIEVE_EXPORT(at_most);

int64_t positions_at_most(const double* values, int64_t count, double limit, uint32_t* out) {
  return LABELSIEVE_DISPATCH(at_most)(values, count, limit, out);
}

}  // namespace labelsieve
#endif  // HWY_ONCE
